using static OpenPresence.Server.Tests.Postgres.Histories.Operation;

namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>The checker itself: good histories pass, and each way of going wrong is seen.</summary>
public sealed class RegisterCheckTests
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public void A_history_in_order_is_explained()
    {
        Assert.Empty(
            RegisterCheck.Faults([
                Read("a", Nothing, 0, 1, "A0"),
                Write("a", "x", 2, 3, "A1"),
                Read("a", "x", 4, 5, "A1"),
                Read("b", Nothing, 4, 5, "A0"),
                Read("b", "x", 6, 7, "A1") with
                {
                    After = "A1",
                },
                Write("b", Nothing, 8, 9, "A2"),
                Read("b", Nothing, 10, 11, "A2"),
            ])
        );
    }

    [Fact]
    public void Reads_and_writes_at_the_same_time_may_come_in_either_order()
    {
        Assert.Empty(
            RegisterCheck.Faults([
                Write("a", "x", 0, 10, "A1"),
                Write("b", "y", 0, 10, "A2"),
                Read("a", Nothing, 1, 9, "A0"),
                Read("a", "y", 1, 9, "A2"),
                Read("b", "y", 11, 12, "A2"),
            ])
        );
    }

    [Fact]
    public void A_write_without_an_answer_may_take_effect_late_or_never()
    {
        Assert.Empty(
            RegisterCheck.Faults([
                Unanswered("a", "lost", 0),
                Unanswered("a", "late", 0),
                Write("b", "x", 1, 2, "A1"),
                Read("b", "x", 3, 4, "A1"),
                Read("b", "late", 50, 51, "A2"),
            ])
        );
    }

    [Fact]
    public void A_write_that_changes_nothing_makes_no_version()
    {
        Assert.Empty(
            RegisterCheck.Faults([Write("a", "x", 0, 1, "A1"), Write("a", "x", 2, 3, "A2"), Read("a", "x", 4, 5, "A1")])
        );
    }

    [Fact]
    public void What_was_over_before_its_turn_came_may_never_be_seen()
    {
        Assert.Empty(
            RegisterCheck.Faults([
                Read("a", Nothing, 0, 1, "A0"),
                Write("a", "x", 2, 15, "A1", livesFor: 10),
                Read("a", Nothing, 16, 17, "A0"),
            ])
        );
    }

    [Fact]
    public void Who_expires_after_the_renewal_is_explained()
    {
        Assert.Empty(
            RegisterCheck.Faults([
                Write("a", "x", 0, 1, "A1", livesFor: 10),
                Write("a", "x", 8, 9, "A1", livesFor: 10),
                Read("a", "x", 12, 13, "A1"),
                Read("a", Nothing, 18, 19, "A2"),
            ])
        );
    }

    public static TheoryData<string, string> Wrongs => new(Bad.Select(bad => (bad.Key, bad.Value.Says)));

    [Theory]
    [MemberData(nameof(Wrongs))]
    public void A_history_that_cannot_be_explained_is_refused_for_what_is_wrong(string name, string says)
    {
        var faults = RegisterCheck.Faults(Bad[name].History);

        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.StartsWith($"person: {says}", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Nodes_that_say_different_things_in_the_end_are_named()
    {
        Operation[] same = [Read("a", "x", 0, 1, "A1"), Read("b", "x", 0, 1, "A1")];
        Assert.Empty(RegisterCheck.Disagreements(same));
        Assert.Single(RegisterCheck.Disagreements([.. same, Read("c", "x", 0, 1, "A2")]));
        Assert.Single(RegisterCheck.Disagreements([.. same, Read("c", "y", 0, 1, "A1")]));
    }

    [Fact]
    public void What_should_have_expired_is_overdue_and_what_was_renewed_is_not()
    {
        Operation[] history = [Write("a", "x", 0, 1, "A1", livesFor: 10), Write("a", "x", 8, 9, "A1", livesFor: 10)];
        Assert.Empty(RegisterCheck.Overdue(history, [Read("b", "x", 18, 19, "A1")]));
        Assert.Single(RegisterCheck.Overdue(history, [Read("b", "x", 20, 21, "A1")]));
        Assert.Empty(RegisterCheck.Overdue(history, [Read("b", Nothing, 20, 21, "A2")]));
    }

    private static readonly Dictionary<string, (string Says, Operation[] History)> Bad = new()
    {
        ["a version with two values"] = (
            "one version, two values",
            [
                Write("a", "x", 0, 1, "A1"),
                Unanswered("b", "y", 0),
                Read("a", "x", 2, 3, "A1"),
                Read("b", "y", 2, 3, "A1"),
            ]
        ),
        ["a value that nobody wrote"] = (
            "nobody had written it",
            [Write("a", "x", 0, 1, "A1"), Read("a", "y", 2, 3, "A2")]
        ),
        ["a value from the future"] = ("nobody had written it", [Read("a", "x", 0, 1, "A1"), Unanswered("a", "x", 2)]),
        ["two writes on two nodes, the second ordered first"] = (
            "a version older than what was over before",
            [Write("a", "x", 0, 1, "A2"), Write("b", "y", 2, 3, "A1")]
        ),
        ["a write that is older than a read that was over"] = (
            "a version older than what was over before",
            [Unanswered("a", "x", 0), Read("a", "x", 1, 2, "A2"), Write("b", "y", 3, 4, "A1")]
        ),
        ["a node that goes back"] = (
            "a node went back",
            [Unanswered("b", "x", 0), Unanswered("b", "y", 0), Read("a", "y", 1, 2, "A2"), Read("a", "x", 3, 4, "A1")]
        ),
        ["a value that was there already, and then was not"] = (
            "a node's own write is not there",
            [
                Write("a", "x", 0, 1, "A1"),
                Write("b", "y", 2, 3, "A2"),
                Write("a", "x", 4, 5, "A3"),
                Read("a", "x", 6, 9, "A1"),
                Read("a", "x", 7, 8, "A3"),
            ]
        ),
        ["a writer who does not read what it wrote"] = (
            "a node's own write is not there",
            [Write("a", "x", 0, 1, "A1"), Read("a", Nothing, 2, 5, "A0"), Read("a", "x", 3, 4, "A1")]
        ),
        ["a client that forgets what it saw elsewhere"] = (
            "a client that took its version along",
            [Unanswered("a", "x", 0), Read("a", "x", 1, 2, "A1"), Read("b", Nothing, 3, 4, "A0") with { After = "A0" }]
        ),
        ["an acknowledged write that is gone, by its version"] = (
            "an acknowledged write is lost",
            [Write("a", "x", 0, 1, "A1"), Read("b", Nothing, 9, 10, "A0")]
        ),
        ["an acknowledged write that is gone, by its value"] = (
            "an acknowledged write is lost",
            [Write("a", "x", 0, 1, null), Write("a", "y", 2, 3, null), Read("b", "x", 9, 10, "A1")]
        ),
        ["a value that expires before its time"] = (
            "x is gone before its time",
            [Write("a", "x", 0, 1, "A1", livesFor: 10), Read("a", Nothing, 8, 9, "A2")]
        ),
        ["a renewal that did not renew"] = (
            "x is gone before its time",
            [
                Write("a", "x", 0, 1, "A1", livesFor: 10),
                Write("a", "x", 8, 9, "A1", livesFor: 10),
                Read("a", Nothing, 12, 13, "A2"),
            ]
        ),
        ["a value that goes although nobody cleared it"] = (
            "x is gone before its time",
            [Write("b", Nothing, 0, 1, "A0"), Write("a", "x", 2, 3, "A1"), Read("a", Nothing, 4, 5, "A2")]
        ),
    };

    private static Operation Write(
        string node,
        string value,
        int from,
        int to,
        string? sequence,
        int? livesFor = null
    ) =>
        new(1, node, "person", true, value, Ms(from), Ms(to))
        {
            Sequence = sequence,
            LivesFor = livesFor is { } time ? Ms(time) : Long,
        };

    private static Operation Unanswered(string node, string value, int from) =>
        new(2, node, "person", true, value, Ms(from), Never) { LivesFor = Long };

    private static Operation Read(string node, string value, int from, int to, string sequence) =>
        new(3, node, "person", false, value, Ms(from), Ms(to)) { Sequence = sequence };

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
