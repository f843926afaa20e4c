using OpenPresence.Engine;
using OpenPresence.Server.Jsonc;
using TimeZones = OpenPresence.Server.Calendar.TimeZones;

namespace OpenPresence.Server.Seed;

/// <summary>The facts of a person's presence that are no sessions: calendar, automatic replies, place of work.</summary>
internal sealed class SeedFacts(SeedReading reading, string timeZone, Action<PresenceCommand> add)
{
    private const int WordCharsMax = 32;

    private static readonly Dictionary<string, CalendarSpanKind> Kinds = new(StringComparer.Ordinal)
    {
        ["meeting"] = CalendarSpanKind.Meeting,
        ["outOfOffice"] = CalendarSpanKind.OutOfOffice,
        ["focus"] = CalendarSpanKind.Focus,
        ["place"] = CalendarSpanKind.Place,
    };

    private static readonly Dictionary<string, WorkLocationType> Places = new(StringComparer.Ordinal)
    {
        ["office"] = WorkLocationType.Office,
        ["remote"] = WorkLocationType.Remote,
        ["timeOff"] = WorkLocationType.TimeOff,
    };

    public void ReadCalendar(IReadOnlyList<JsoncValue> items)
    {
        if (items.Count > 0)
        {
            var spans = items.Select(ReadSpan).OrderBy(s => s.StartAt).ThenBy(s => s.EndAt);
            add(new SetCalendar([.. spans]));
        }
    }

    public void ReadAutomaticReplies(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var startAt = SeedTimes.Instant(reading, members, "startAt");
        var endAt = SeedTimes.Instant(reading, members, "endAt");
        CheckOrder(value, startAt, endAt);
        var message = members.Lines("message", EngineLimits.AutomaticReplyCharactersMax);
        members.Done();
        add(new SetAutomaticReplies(new AutomaticReplies(startAt, endAt, message)));
    }

    public void ReadWorkLocation(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        if (members.Any("manual") is { } manual)
        {
            var (type, placeId, expiresAt) = ReadSignal(manual);
            add(new SetManualLocation(type, placeId, expiresAt));
        }

        if (members.Any("automatic") is { } automatic)
        {
            var (type, placeId, expiresAt) = ReadSignal(automatic);
            add(new SetAutomaticLocation(type, placeId, expiresAt));
        }

        members.Done();
    }

    private CalendarSpan ReadSpan(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var kind = Word(members, "kind", Kinds);
        var startAt = RequiredInstant(members, "startAt");
        var endAt = RequiredInstant(members, "endAt");
        CheckOrder(value, startAt, endAt);
        var isPlace = kind == CalendarSpanKind.Place;
        var location = isPlace ? Word(members, "workLocationType", Places) : default;
        var placeId = isPlace ? members.Text("placeId", EngineLimits.PlaceIdCharactersMax) : null;
        members.Done();
        return new CalendarSpan(kind, startAt ?? reading.At, endAt ?? reading.At, location, placeId);
    }

    private LocationSignal ReadSignal(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var signal = new LocationSignal(
            Word(members, "workLocationType", Places),
            members.Text("placeId", EngineLimits.PlaceIdCharactersMax),
            SeedTimes.Instant(reading, members, "expiresAt") ?? TimeZones.EndOfDay(reading.At, timeZone)
        );
        members.Done();
        return signal;
    }

    private T Word<T>(JsoncMembers members, string name, Dictionary<string, T> words)
        where T : struct
    {
        var text = members.RequiredText(name, WordCharsMax);
        if (text.Length > 0 && !words.ContainsKey(text))
        {
            reading.Report(members.Any(name)!, $"'{text}' must be one of {string.Join(", ", words.Keys)}.");
        }

        return words.GetValueOrDefault(text);
    }

    private Instant? RequiredInstant(JsoncMembers members, string name)
    {
        members.Required(name);
        return SeedTimes.Instant(reading, members, name);
    }

    private void CheckOrder(JsoncValue value, Instant? startAt, Instant? endAt)
    {
        if (startAt is { } start && endAt is { } end && end <= start)
        {
            reading.Report(value, "endAt must lie after startAt.");
        }
    }
}
