namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>The checker of notifications itself.</summary>
public sealed class DeliveryCheckTests
{
    [Theory]
    [InlineData("x y z", true)]
    [InlineData("x x y x y z z", true)] // at least once, and again after somebody died
    [InlineData("z", false)]
    [InlineData("x tried z", false)] // it had no answer, but it was there
    public void What_is_promised_is_no_fault(string told, bool wantsEveryState)
    {
        Assert.Empty(Faults(told, wantsEveryState));
    }

    [Theory]
    [InlineData("", false, "last told of nobody, it is z")]
    [InlineData("x y", false, "last told y, it is z")]
    [InlineData("x y z y", false, "last told y, it is z")]
    [InlineData("x z", true, "not told of state 1 of 3, y")]
    [InlineData("y x z", true, "not told of state 1 of 3, y")]
    [InlineData("x y q z", true, "told of q, which never was")]
    public void What_is_missing_or_wrong_is_said(string told, bool wantsEveryState, string fault)
    {
        Assert.Equal([$"wall of ada: {fault}"], Faults(told, wantsEveryState));
    }

    [Fact]
    public void What_is_told_twice_in_a_row_is_a_repeat()
    {
        Told[] told = [new("wall", "ada", "x"), new("desk", "ada", "x"), new("wall", "ada", "y")];
        Assert.Empty(DeliveryCheck.Repeats(told));
        Assert.Equal(["desk of ada: twice x"], DeliveryCheck.Repeats([.. told, new Told("desk", "ada", "x")]));
    }

    private static List<string> Faults(string told, bool wantsEveryState) =>
        DeliveryCheck.Faults(
            new Dictionary<string, IReadOnlyList<string>> { ["ada"] = ["x", "y", "z"] },
            ["wall"],
            [.. told.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(value => new Told("wall", "ada", value))],
            new HashSet<(string, string)> { ("ada", "tried") },
            wantsEveryState
        );
}
