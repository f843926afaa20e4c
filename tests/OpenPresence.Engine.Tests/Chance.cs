namespace OpenPresence.Engine.Tests;

/// <summary>
/// Random commands from a seed. Instants lie on whole minutes close together, so that ends, starts and steps
/// of fading fall on each other often: that is where rules go wrong.
/// </summary>
internal sealed class Chance(int seed)
{
    private const int HorizonMinutes = 40;

    private static readonly Guid[] Keys = [.. Enumerable.Range(1, 4).Select(key => new Guid(key, 0, 0, new byte[8]))];

    private static readonly PresencePair[] Readable = [.. PairTable.Rows.Select(row => row.Pair)];

    private readonly Random random = new(seed);

    public int Next(int below) => random.Next(below);

    public PresenceCommand Command(Instant now) =>
        random.Next(16) switch
        {
            0 or 1 => new SetPresence(Key(), Person.Pair("Available/Available"), Length(5)),
            2 or 3 => new SetPresence(Key(), Pair(PairUses.Set), Length(5)),
            4 => new ClearPresence(Key()),
            5 or 6 => new ReportDevice(Key(), Pair(PairUses.Read), Length(1)),
            7 => new RemoveDevice(Key()),
            8 => new SetUserPreferredPresence(Pair(PairUses.Prefer), Length(1)),
            9 => random.Next(4) == 0 ? new SignOut() : new ClearUserPreferredPresence(),
            10 => new SetStatusMessage(random.Next(4) == 0 ? "" : "Lunch", MaybeLater(now)),
            11 => new SetManualLocation(Type(), Place(), Later(now)),
            12 => new SetAutomaticLocation(Type(), Place(), Later(now)),
            13 => random.Next(2) == 0 ? new ClearAutomaticLocation() : new ClearLocation(),
            14 => new SetAutomaticReplies(Replies(now)),
            _ => new SetCalendar([.. Enumerable.Range(0, random.Next(16)).Select(_ => Span(now))]),
        };

    private CalendarSpan Span(Instant now)
    {
        // Often together, often before now.
        var start = now + Person.Minutes(4 * random.Next(-3, 7));
        var kind = (CalendarSpanKind)random.Next(4);
        return kind == CalendarSpanKind.Place
            ? new(kind, start, start + Length(1), Type(), Place())
            : new(kind, start, start + Length(1));
    }

    private AutomaticReplies? Replies(Instant now) =>
        random.Next(3) == 0 ? null : new(MaybeLater(now), MaybeLater(now), random.Next(2) == 0 ? null : "Away");

    private Guid Key() => Keys[random.Next(Keys.Length)];

    private PresencePair Pair(PairUses use)
    {
        var pairs = Array.FindAll(Readable, pair => PairTable.UsesOf(pair).HasFlag(use));
        return pairs[random.Next(pairs.Length)];
    }

    private TimeSpan Length(int min) => Person.Minutes(random.Next(min, HorizonMinutes));

    private Instant Later(Instant now) => now + Person.Minutes(random.Next(HorizonMinutes));

    private Instant? MaybeLater(Instant now) => random.Next(3) == 0 ? null : Later(now);

    private WorkLocationType Type() => (WorkLocationType)random.Next(1, 4);

    private string? Place() => random.Next(2) == 0 ? null : "place " + random.Next(2);
}
