namespace OpenPresence.Engine.Tests;

/// <summary>
/// One person under test: commands are applied as they come, and time passes as on a node, by crossing each
/// change that the rules announce. Pairs are written as people write them: <c>Busy/InACall</c>.
/// </summary>
internal sealed class Person
{
    public static readonly Rules Rules = Rules.OfVersion(Rules.NewestVersion);

    /// <summary>2026-08-27T12:00:00Z, when every test begins.</summary>
    public static readonly Instant Noon = Instant.From(new(2026, 8, 27, 12, 0, 0, TimeSpan.Zero));

    public static readonly Guid App = new("00000000-0000-0000-0000-0000000000a1");
    public static readonly Guid OtherApp = new("00000000-0000-0000-0000-0000000000a2");
    public static readonly Guid Phone = new("00000000-0000-0000-0000-0000000000d1");

    public PresenceRecord Record { get; private set; } = PresenceRecord.Empty;

    public Instant Now { get; private set; } = Noon;

    public Presence Presence => Rules.Merge(Record, Now);

    public string Shows => Presence.Pair.ToString();

    /// <summary>The pair that its text means.</summary>
    public static PresencePair Pair(string text)
    {
        var names = text.Split('/');
        Assert.True(PairNames.TryParse(names[0], out Availability availability), text);
        Assert.True(PairNames.TryParse(names[1], out Activity activity), text);
        return new(availability, activity);
    }

    public static Instant Minute(double minutes) => Noon + TimeSpan.FromMinutes(minutes);

    public static TimeSpan Minutes(double minutes) => TimeSpan.FromMinutes(minutes);

    public Outcome Do(PresenceCommand command)
    {
        var decision = Rules.Decide(Record, command, Now);
        Record = decision.Record;
        return decision.Outcome;
    }

    public Person Sets(string pair, double minutes = 240, Guid? app = null)
    {
        Assert.Equal(Outcome.Done, Do(new SetPresence(app ?? App, Pair(pair), Minutes(minutes))));
        return this;
    }

    public Person Reports(string pair, double minutes = 600, Guid? device = null)
    {
        var report = new ReportDevice(device ?? Phone, Pair(pair), Minutes(minutes));
        Assert.Equal(Outcome.Done, Do(report));
        return this;
    }

    public Person Prefers(string pair, double minutes = 600)
    {
        Do(new SetUserPreferredPresence(Pair(pair), Minutes(minutes)));
        return this;
    }

    /// <summary>The calendar, by minutes after noon.</summary>
    public Person Has(params (CalendarSpanKind Kind, double From, double To)[] spans)
    {
        Do(new SetCalendar([.. spans.Select(span => new CalendarSpan(span.Kind, Minute(span.From), Minute(span.To)))]));
        return this;
    }

    /// <summary>Lets time pass to a minute after noon, through every change on the way.</summary>
    public Person At(double minute)
    {
        while (Rules.NextChangeAt(Record, Now) is { } next && next <= Minute(minute))
        {
            Record = Rules.Prune(Record, next);
            Now = next;
        }
        Now = Minute(minute);
        return this;
    }

    /// <summary>Everything that is shown from now on, by minutes after noon.</summary>
    public IEnumerable<string> Future()
    {
        yield return $"{(Now - Noon).TotalMinutes} {Shows}";
        while (Rules.NextChangeAt(Record, Now) is { } next)
        {
            Record = Rules.Prune(Record, next);
            Now = next;
            yield return $"{(Now - Noon).TotalMinutes} {Shows}";
        }
    }
}
