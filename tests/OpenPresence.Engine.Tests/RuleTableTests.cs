namespace OpenPresence.Engine.Tests;

public sealed class RuleTableTests
{
    public static TheoryData<MergeRule, string> AnExampleOfEach() =>
        new()
        {
            { MergeRule.NoSession, "" },
            { MergeRule.NoSessionOutOfOffice, "out" },
            { MergeRule.Preferred, "fresh preferred" },
            { MergeRule.Session, "fresh" },
            { MergeRule.FadedSession, "faded" },
            { MergeRule.Meeting, "fresh meeting" },
            { MergeRule.Focus, "fresh meeting focus" },
            { MergeRule.AvailableOutOfOffice, "fresh out" },
        };

    [Fact]
    public void Every_rule_has_one_row_and_the_rows_stand_in_the_order_of_the_rules()
    {
        Assert.Equal(Enum.GetValues<MergeRule>(), RuleTable.Rows.Select(row => row.Rule));
        Assert.All(Enum.GetValues<MergeRule>(), rule => Assert.Equal(rule, RuleTable.Of(rule).Rule));
    }

    [Fact]
    public void Every_row_has_a_statement_and_a_source()
    {
        Assert.All(RuleTable.Rows, row => Assert.EndsWith(".", row.Statement));
        Assert.All(RuleTable.Rows, row => Assert.NotEmpty(row.Evidence.Source));
    }

    [Theory]
    [MemberData(nameof(AnExampleOfEach))]
    public void Every_rule_decides_something(MergeRule rule, string layers)
    {
        Assert.Equal(rule, Example(layers).Presence.Rule);
    }

    [Fact]
    public void Every_rule_has_an_example()
    {
        Assert.Equal(Enum.GetValues<MergeRule>(), AnExampleOfEach().Select(row => row.Data.Item1).Order());
    }

    private static Person Example(string layers)
    {
        var person = new Person();
        foreach (var layer in layers.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            _ = layer switch
            {
                "fresh" => person.Sets("Available/Available"),
                "faded" => person.Sets("Available/Available").At(5),
                "preferred" => person.Prefers("Busy/Busy"),
                "out" => AddSpan(person, CalendarSpanKind.OutOfOffice),
                "meeting" => AddSpan(person, CalendarSpanKind.Meeting),
                "focus" => AddSpan(person, CalendarSpanKind.Focus),
                _ => throw new ArgumentOutOfRangeException(nameof(layers)),
            };
        }
        return person;
    }

    private static Person AddSpan(Person person, CalendarSpanKind kind)
    {
        var span = new CalendarSpan(kind, Person.Noon, Person.Minute(30));
        person.Do(new SetCalendar([.. person.Record.Calendar, span]));
        return person;
    }
}
