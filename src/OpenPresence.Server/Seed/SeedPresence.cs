using OpenPresence.Engine;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>
/// One person's presence in a seed: either a plain pair that holds (<c>"Busy/InAMeeting"</c>), or the facts from
/// which presence is merged. A plain pair is a device's session that never ends: devices may
/// report every pair that can be read, and theirs do not fade.
/// </summary>
internal sealed class SeedPresence(SeedReading reading, Person person)
{
    /// <summary>"Never" for a device: longer than any server runs, and no special case for anybody.</summary>
    public static readonly TimeSpan Forever = TimeSpan.FromDays(36_525);

    private static readonly (TimeSpan, TimeSpan) ApplicationDurations = (
        GraphLimits.SessionDurationMin,
        GraphLimits.SessionDurationMax
    );

    private static readonly (TimeSpan, TimeSpan) LongDurations = (EngineLimits.DeviceDurationMin, Forever);

    private const int DeviceCharsMax = 64;

    public void Read(JsoncValue value)
    {
        if (value.Kind == JsoncKind.Text)
        {
            var (availability, activity) = Split(value.Text);
            if (Pair(value, availability, activity, PairUses.Read) is { } pair)
            {
                Add(new ReportDevice(SeedIds.From(person.Id, "seed"), pair, Forever));
            }

            return;
        }

        var members = reading.MembersOf(value);
        foreach (var session in members.Items("sessions", EngineLimits.SessionsPerPersonMax))
        {
            ReadSession(session);
        }

        if (members.Any("preferred") is { } preferred)
        {
            ReadPreferred(preferred);
        }

        if (members.Any("statusMessage") is { } message)
        {
            ReadStatusMessage(message);
        }

        var facts = new SeedFacts(reading, person.TimeZone, Add);
        facts.ReadCalendar(members.Items("calendar", EngineLimits.CalendarSpansPerPersonMax));
        if (members.Any("automaticReplies") is { } replies)
        {
            facts.ReadAutomaticReplies(replies);
        }

        if (members.Any("workLocation") is { } location)
        {
            facts.ReadWorkLocation(location);
        }

        members.Done();
    }

    private void ReadSession(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var application = members.Id("application");
        var device = members.Text("device", DeviceCharsMax);
        var isApplication = members.Any("application") is not null;
        if (isApplication == (members.Any("device") is not null))
        {
            reading.Report(value, "Needs either an application (its client id) or a device (a name).");
        }

        if (application is { } known && !reading.Applications.Contains(known))
        {
            reading.Report(members.Any("application")!, "No application of this seed has that client id.");
        }

        var key = application ?? SeedIds.From(person.Id, $"device {device}");
        reading.TryTake("session of the person", $"{person.Id} {key}", value);
        var pair = PairOf(members, value, isApplication ? PairUses.Set : PairUses.Read);
        var duration = SeedTimes.Duration(
            reading,
            members,
            "expiresIn",
            isApplication ? ApplicationDurations : LongDurations,
            isApplication ? GraphLimits.SessionDurationDefault : Forever
        );
        members.Done();
        Add(isApplication ? new SetPresence(key, pair, duration) : new ReportDevice(key, pair, duration));
    }

    private void ReadPreferred(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var pair = PairOf(members, value, PairUses.Prefer);
        var duration = SeedTimes.Duration(
            reading,
            members,
            "expiresIn",
            LongDurations,
            GraphLimits.PreferredDurationOf(pair)
        );
        members.Done();
        Add(new SetUserPreferredPresence(pair, duration));
    }

    private void ReadStatusMessage(JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var content = members.RequiredText("content", EngineLimits.StatusMessageCharactersMax);
        var expiresAt = SeedTimes.Instant(reading, members, "expiresAt");
        members.Done();
        Add(new SetStatusMessage(content, expiresAt));
    }

    private PresencePair PairOf(JsoncMembers members, JsoncValue owner, PairUses use)
    {
        var availability = members.RequiredText("availability", DeviceCharsMax);
        var activity = members.RequiredText("activity", DeviceCharsMax);
        return availability.Length == 0 || activity.Length == 0
            ? PresencePair.Unknown
            : Pair(owner, availability, activity, use) ?? PresencePair.Unknown;
    }

    private PresencePair? Pair(JsoncValue value, string availability, string activity, PairUses use)
    {
        if (PairCheck.Check(availability, activity, use, out var pair) == PairFaults.None)
        {
            return pair;
        }

        reading.Report(value, $"'{availability}/{activity}' cannot stand here; allowed: {PairCheck.Allowed(use)}.");
        return null;
    }

    private static (string Availability, string Activity) Split(string text)
    {
        var parts = text.Split('/', 2);
        return (parts[0], parts.Length > 1 ? parts[1] : "");
    }

    private void Add(PresenceCommand command) => reading.Presence.Add(new SeededPresence(person.Id, command));
}
