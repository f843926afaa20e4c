using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.DevTools;

/// <summary>One thing that a person, or a device or a program of theirs, does.</summary>
/// <param name="After">When, counted from the beginning of the scenario.</param>
/// <param name="PersonId">Who.</param>
/// <param name="Make">What, at that instant.</param>
public sealed record ActorStep(TimeSpan After, Guid PersonId, Func<Instant, PresenceCommand> Make);

/// <summary>
/// What people do in the course of a day, as a file that can be read aloud: JSON with comments, actors with steps, each
/// step an <c>after</c> and one thing that happens. docs/control.md shows one. All of it is checked before anything is
/// done, and every fault is named with its line.
/// </summary>
public sealed class ActorScenario
{
    /// <summary>Actors of one scenario.</summary>
    public const int ActorsMax = 100;

    /// <summary>Steps of one actor.</summary>
    public const int StepsMax = 1000;

    /// <summary>The longest day.</summary>
    public static readonly TimeSpan LengthMax = TimeSpan.FromDays(31);

    private const int NameCharsMax = 200;

    private readonly List<JsoncFault> faults = [];
    private readonly Func<string, Guid?> findPerson;
    private readonly List<ActorStep> steps = [];

    private ActorScenario(Func<string, Guid?> findPerson) => this.findPerson = findPerson;

    /// <summary>The steps in the order in which they happen; null when there is any fault.</summary>
    /// <param name="utf8">The file.</param>
    /// <param name="findPerson">The id of a person by id or user principal name; null: there is none.</param>
    /// <param name="faults">Each with its place.</param>
    public static ImmutableArray<ActorStep>? Read(
        ReadOnlySpan<byte> utf8,
        Func<string, Guid?> findPerson,
        out IReadOnlyList<JsoncFault> faults
    )
    {
        var reading = new ActorScenario(findPerson);
        if (JsoncDocument.Read(utf8, reading.faults) is { } root)
        {
            var members = new JsoncMembers(root, reading.faults);
            foreach (var actor in members.Items("actors", ActorsMax))
            {
                reading.ReadActor(actor);
            }
            members.Required("actors");
            members.Done();
        }
        faults = reading.faults;
        // Stable: of one instant, in the order of the file.
        return faults.Count > 0 ? null : [.. reading.steps.OrderBy(step => step.After)];
    }

    private void ReadActor(JsoncValue value)
    {
        var members = new JsoncMembers(value, faults);
        var name = members.RequiredText("user", NameCharsMax);
        var person = findPerson(name);
        if (person is null)
        {
            faults.Add(value.Fault($"There is nobody of the id or user principal name '{name}'."));
        }
        var spans = new List<(TimeSpan Start, TimeSpan Length, CalendarSpanKind Kind)>();
        foreach (var step in members.Items("steps", StepsMax))
        {
            ReadStep(step, person ?? Guid.Empty, spans);
        }
        members.Done();
        if (spans.Count > 0)
        {
            // A calendar is known beforehand.
            steps.Add(
                new(
                    TimeSpan.Zero,
                    person ?? Guid.Empty,
                    at => new SetCalendar([
                        .. spans.Select(span => new CalendarSpan(
                            span.Kind,
                            at + span.Start,
                            at + span.Start + span.Length
                        )),
                    ])
                )
            );
        }
    }

    private void ReadStep(JsoncValue value, Guid person, List<(TimeSpan, TimeSpan, CalendarSpanKind)> spans)
    {
        var members = new JsoncMembers(value, faults);
        var after = Duration(members, "after", TimeSpan.Zero) ?? TimeSpan.Zero;
        var lasts = Duration(members, "for", TimeSpan.FromSeconds(10));
        var before = steps.Count + spans.Count;
        void Add(Func<Instant, PresenceCommand> make) => steps.Add(new(after, person, make));

        if (members.Text("device", NameCharsMax) is { } device)
        {
            var key = Seed.SeedIds.From(person, $"device {device}");
            if (members.Flag("signsOff", otherwise: false))
            {
                Add(_ => new RemoveDevice(key));
            }
            else if (Pair(members, "shows", PairUses.Read) is { } pair)
            {
                Add(_ => new ReportDevice(key, pair, lasts ?? EngineLimits.DeviceDurationMax));
            }
        }
        if (Pair(members, "prefers", PairUses.Prefer) is { } preferred)
        {
            Add(_ => new SetUserPreferredPresence(preferred, lasts ?? TimeSpan.FromDays(1)));
        }
        if (members.Text("says", EngineLimits.StatusMessageCharactersMax) is { } message)
        {
            Add(at => new SetStatusMessage(message, lasts is { } length ? at + length : null));
        }
        if (members.Text("repliesWith", EngineLimits.AutomaticReplyCharactersMax) is { } reply)
        {
            Add(at => new SetAutomaticReplies(new(null, lasts is { } length ? at + length : null, reply)));
        }
        if (members.Any("calendar") is { } entry && CalendarKind(entry) is { } kind)
        {
            spans.Add((after, lasts ?? TimeSpan.FromMinutes(30), kind));
        }
        members.Done();
        if (steps.Count + spans.Count - before != 1)
        {
            faults.Add(
                value.Fault("A step is one of: device with shows or signsOff, prefers, says, repliesWith, calendar.")
            );
        }
    }

    private CalendarSpanKind? CalendarKind(JsoncValue value)
    {
        CalendarSpanKind? kind = value.Text switch
        {
            "meeting" => CalendarSpanKind.Meeting,
            "focus" => CalendarSpanKind.Focus,
            "outOfOffice" => CalendarSpanKind.OutOfOffice,
            _ => null,
        };
        if (kind is null)
        {
            faults.Add(value.Fault("Must be meeting, focus or outOfOffice."));
        }
        return kind;
    }

    private TimeSpan? Duration(JsoncMembers members, string name, TimeSpan least)
    {
        if (members.Any(name) is not { } member || members.Text(name, NameCharsMax) is not { } text)
        {
            return null;
        }
        if (IsoDuration.TryParse(text, out var duration) && duration >= least && duration <= LengthMax)
        {
            return duration;
        }
        faults.Add(
            member.Fault(
                $"Must be an ISO 8601 duration of at least {least.TotalSeconds} s and at most {LengthMax.TotalDays} days, such as PT5M."
            )
        );
        return null;
    }

    private PresencePair? Pair(JsoncMembers members, string name, PairUses use)
    {
        if (members.Any(name) is not { } member || members.Text(name, NameCharsMax) is not { } text)
        {
            return null;
        }
        var words = text.Split('/');
        if (words.Length == 2 && PairCheck.Check(words[0], words[1], use, out var pair) == PairFaults.None)
        {
            return pair;
        }
        faults.Add(member.Fault($"Must be one of {PairCheck.Allowed(use)}."));
        return null;
    }
}
