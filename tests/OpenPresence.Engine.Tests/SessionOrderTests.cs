namespace OpenPresence.Engine.Tests;

/// <summary>Source: cloud-communications-manage-presence-state, "Presence sessions"; ours where it is silent.</summary>
public sealed class SessionOrderTests
{
    // Written down apart from the table of pairs, so that a slip in one does not go unseen.
    private static readonly string[] MostSignificantFirst =
    [
        "DoNotDisturb/Presenting",
        "DoNotDisturb/Focusing",
        "DoNotDisturb/UrgentInterruptionsOnly",
        "DoNotDisturb/DoNotDisturb",
        "Busy/InAConferenceCall",
        "Busy/InACall",
        "Busy/InAMeeting",
        "Busy/Busy",
        "BusyIdle/Inactive",
        "Available/Available",
        "Available/OutOfOffice",
        "Available/AvailableInactive",
        "AvailableIdle/Inactive",
        "BeRightBack/BeRightBack",
        "Away/BeRightBack",
        "Away/Away",
        "Offline/OutOfOffice",
        "Offline/OffWork",
        "Offline/Offline",
        "PresenceUnknown/PresenceUnknown",
    ];

    private static readonly Guid OtherPhone = new("00000000-0000-0000-0000-0000000000d2");

    public static TheoryData<string, string> PairsOfPairs()
    {
        var data = new TheoryData<string, string>();
        for (var first = 0; first < MostSignificantFirst.Length; first++)
        {
            for (var second = first; second < MostSignificantFirst.Length; second++)
            {
                data.Add(MostSignificantFirst[first], MostSignificantFirst[second]);
            }
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(PairsOfPairs))]
    public void Of_two_sessions_the_more_significant_is_shown_whichever_came_first(string more, string less)
    {
        Assert.Equal(more, new Person().Reports(more).At(1).Reports(less, device: OtherPhone).Shows);
        Assert.Equal(more, new Person().Reports(less).At(1).Reports(more, device: OtherPhone).Shows);
        Assert.Equal(more, new Person().Reports(more, device: OtherPhone).At(1).Reports(less).Shows);
    }

    [Fact]
    public void The_order_names_every_pair_of_the_table()
    {
        Assert.Equal(PairTable.Rows.Select(row => row.Pair.ToString()), MostSignificantFirst);
    }

    [Fact]
    public void Sessions_are_ordered_by_the_text_of_their_keys()
    {
        Guid[] keys =
        [
            new("00000000-0000-0000-0000-000000000001"),
            new("00000000-0000-0000-0100-000000000000"),
            new("00000000-0000-0001-0000-000000000000"),
            new("01000000-0000-0000-0000-000000000000"),
            new("7fffffff-0000-0000-0000-000000000000"),
            new("80000000-0000-0000-0000-000000000000"),
            new("ffffffff-0000-0000-0000-000000000000"),
        ];
        var person = new Person();
        foreach (var key in keys.Reverse())
        {
            person.Reports("Away/Away", device: key).Sets("Away/Away", app: key);
        }
        Assert.Equal(
            keys.SelectMany(key => new[] { (SessionKind.Application, key), (SessionKind.Device, key) }),
            person.Record.Sessions.Select(session => (session.Kind, session.Key))
        );
        Assert.Equal(
            keys.Select(key => key.ToString()).Order(StringComparer.Ordinal),
            keys.Select(key => key.ToString())
        );
    }

    [Fact]
    public void Of_two_sessions_with_the_same_pair_the_one_set_last_is_the_one_shown()
    {
        var faded = new Person().Sets("Available/Available").At(1);
        var away = new Person().Sets("Away/Away").At(1);
        Assert.Equal(MergeRule.Session, faded.Sets("Away/Away", app: Person.OtherApp).At(10).Presence.Rule);
        Assert.Equal(
            MergeRule.FadedSession,
            away.Sets("Available/Available", app: Person.OtherApp).At(11).Presence.Rule
        );
    }

    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000001", MergeRule.Session)]
    [InlineData("ffffffff-0000-0000-0000-000000000000", MergeRule.FadedSession)]
    public void Of_two_sessions_set_together_the_lower_key_decides_by_what_rule(string device, MergeRule rule)
    {
        var person = new Person().Sets("Available/Available").Reports("Away/Away", device: new(device)).At(10);
        Assert.Equal(("Away/Away", rule), (person.Shows, person.Presence.Rule));
    }

    [Fact]
    public void Of_two_sessions_set_together_with_the_same_pair_the_lower_key_is_the_one_shown()
    {
        var person = new Person().Sets("Away/Away", app: Person.OtherApp).Sets("Away/Away");
        var shown = Person.Rules.Explain(person.Record, person.Now).Layers[0];
        Assert.Equal((Person.App, LayerStanding.Shown), (shown.Key, shown.Standing));
    }
}
