namespace OpenPresence.Engine.Tests;

public sealed class PairTableTests
{
    // presence-setpresence and cloud-communications-manage-presence-state, the table of pairs.
    private static readonly string[] Settable =
    [
        "Available/Available",
        "Busy/InACall",
        "Busy/InAConferenceCall",
        "Away/Away",
        "DoNotDisturb/Presenting",
    ];

    // presence-setuserpreferredpresence, the table of pairs.
    private static readonly string[] Preferable =
    [
        "Available/Available",
        "Busy/Busy",
        "DoNotDisturb/DoNotDisturb",
        "BeRightBack/BeRightBack",
        "Away/Away",
        "Offline/OffWork",
    ];

    // cloud-communications-manage-presence-state (current and older copies), presence-get for
    // Away/BeRightBack; the values that stand in the older list without a pair; and our Offline/OutOfOffice.
    private static readonly string[] Readable =
    [
        .. Settable.Union(Preferable),
        "Available/OutOfOffice",
        "Available/AvailableInactive",
        "Busy/InAMeeting",
        "DoNotDisturb/Focusing",
        "Away/BeRightBack",
        "Offline/Offline",
        "PresenceUnknown/PresenceUnknown",
        "AvailableIdle/Inactive",
        "BusyIdle/Inactive",
        "DoNotDisturb/UrgentInterruptionsOnly",
        "Offline/OutOfOffice",
    ];

    public static TheoryData<string, bool, bool, bool> Combinations()
    {
        var data = new TheoryData<string, bool, bool, bool>();
        foreach (var availability in Enum.GetNames<Availability>())
        {
            foreach (var activity in Enum.GetNames<Activity>())
            {
                var pair = $"{availability}/{activity}";
                data.Add(pair, Settable.Contains(pair), Preferable.Contains(pair), Readable.Contains(pair));
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Each_combination_has_the_uses_that_the_pages_give_it(
        string pair,
        bool isSettable,
        bool isPreferable,
        bool isReadable
    )
    {
        var names = pair.Split('/');
        Assert.Equal(isSettable, IsAllowed(names, PairUses.Set));
        Assert.Equal(isPreferable, IsAllowed(names, PairUses.Prefer));
        Assert.Equal(isReadable, IsAllowed(names, PairUses.Read));
    }

    [Fact]
    public void Every_row_names_a_source_for_its_uses_and_for_its_rank()
    {
        Assert.All(PairTable.Rows, row => Assert.NotEmpty(row.UsesEvidence.Source));
        Assert.All(PairTable.Rows, row => Assert.NotEmpty(row.RankEvidence.Source));
    }

    [Fact]
    public void The_rows_stand_in_the_order_of_their_ranks_and_no_two_share_one()
    {
        var ranks = PairTable.Rows.Select(row => row.Rank).ToArray();
        Assert.Equal(ranks.Distinct().OrderDescending(), ranks);
        Assert.Equal(PairTable.Rows.Count, PairTable.Rows.Select(row => row.Pair).Distinct().Count());
    }

    [Fact]
    public void A_pair_that_is_not_in_the_table_ranks_below_every_row()
    {
        Assert.Equal(0, PairTable.RankOf(new(Availability.Busy, Activity.OffWork)));
        Assert.Equal(0, PairTable.RankOf(new((Availability)200, (Activity)200)));
        Assert.Equal(PairUses.None, PairTable.UsesOf(new((Availability)200, Activity.Busy)));
        Assert.All(PairTable.Rows, row => Assert.True(row.Rank > 0));
    }

    [Fact]
    public void The_first_number_without_a_name_is_in_no_pair()
    {
        var availability = Enum.GetValues<Availability>().Max();
        var activity = Enum.GetValues<Activity>().Max();
        PresencePair[] pairs = [new(availability + 1, default), new(availability, activity + 1)];
        Assert.All(pairs, pair => Assert.Equal(0, PairTable.RankOf(pair)));
        Assert.All(pairs, pair => Assert.Equal(PairUses.None, PairTable.UsesOf(pair)));
    }

    private static bool IsAllowed(string[] names, PairUses use) =>
        PairCheck.Check(names[0], names[1], use, out _) == PairFaults.None;
}
