namespace OpenPresence.Engine.Tests;

public sealed class PairCheckTests
{
    [Theory]
    [InlineData("Busy", "InACall", PairUses.Set, PairFaults.None)]
    [InlineData("busy", "inacall", PairUses.Set, PairFaults.None)]
    [InlineData("Busy", "Busy", PairUses.Set, PairFaults.NotAllowed)]
    [InlineData("Busy", "InACall", PairUses.Prefer, PairFaults.NotAllowed)]
    [InlineData("Busy", "InAMeeting", PairUses.Read, PairFaults.None)]
    [InlineData("Free", "InACall", PairUses.Set, PairFaults.UnknownAvailability)]
    [InlineData("Busy", "Calling", PairUses.Set, PairFaults.UnknownActivity)]
    [InlineData("Free", "Calling", PairUses.Set, PairFaults.UnknownAvailability | PairFaults.UnknownActivity)]
    public void It_says_why_a_pair_is_refused(string availability, string activity, PairUses use, PairFaults faults)
    {
        Assert.Equal(faults, PairCheck.Check(availability, activity, use, out _));
    }

    [Fact]
    public void It_lists_what_is_allowed()
    {
        Assert.Equal(
            "DoNotDisturb/Presenting, Busy/InAConferenceCall, Busy/InACall, Available/Available, Away/Away",
            PairCheck.Allowed(PairUses.Set)
        );
    }
}
