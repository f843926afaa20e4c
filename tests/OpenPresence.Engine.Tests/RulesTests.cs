namespace OpenPresence.Engine.Tests;

public sealed class RulesTests
{
    private static readonly Rules Rules = Rules.OfVersion(Rules.NewestVersion);
    private static readonly Instant Noon = new(639_000_000_000_000_000);

    [Fact]
    public void Available_fades_to_AvailableInactive_after_five_minutes_then_to_Away_then_ends()
    {
        var pair = new PresencePair(Availability.Available, Activity.Available);
        var set = new SetPresence(Guid.AllBitsSet, pair, TimeSpan.FromHours(1));
        var record = Rules.Decide(PresenceRecord.Empty, set, Noon).Record;
        var seen = new List<string>();
        Instant? at = Noon;
        while (at is { } now)
        {
            record = Rules.Prune(record, now);
            seen.Add($"{(now - Noon).TotalMinutes} {Rules.Merge(record, now).Pair}");
            at = Rules.NextChangeAt(record, now);
        }
        Assert.Equal(
            [
                "0 Available/Available",
                "5 Available/AvailableInactive",
                "10 Away/Away",
                "60 Offline/Offline",
            ],
            seen
        );
    }
}
