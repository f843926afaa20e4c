using static OpenPresence.Engine.CalendarSpanKind;

namespace OpenPresence.Engine.Tests;

public sealed class ExplanationTests
{
    [Fact]
    public void It_names_every_layer_what_became_of_it_and_what_comes_next()
    {
        var person = new Person()
            .Sets("Available/Available", 60)
            .Reports("Away/BeRightBack")
            .Has((Meeting, 0, 30), (OutOfOffice, 0, 50))
            .At(6);
        var explanation = Person.Rules.Explain(person.Record, person.Now);
        Assert.Equal(
            [
                "OutOfOffice Hidden ",
                "Meeting Shown Busy/InAMeeting",
                "Application Hidden Available/AvailableInactive",
                "Device Hidden Away/BeRightBack",
            ],
            Lines(explanation)
        );
        Assert.Equal(MergeRule.Meeting, explanation.Rule.Rule);
        Assert.Equal("Available/Available", explanation.Layers[2].Said.ToString());
        Assert.Equal(Person.Minute(30), explanation.NextChangeAt);
        Assert.Equal("Away/BeRightBack", explanation.Next?.Pair.ToString());
    }

    [Fact]
    public void What_counts_only_beside_a_session_waits_for_one()
    {
        var person = new Person().Prefers("Busy/Busy", 20).Has((Meeting, 0, 30), (OutOfOffice, 0, 9));
        Assert.Equal(
            ["OutOfOffice Shown ", "Preferred Waiting Busy/Busy", "Meeting Waiting Busy/InAMeeting"],
            Lines(Person.Rules.Explain(person.Record, person.Now))
        );
    }

    [Fact]
    public void What_ends_at_the_instant_is_no_layer_any_more()
    {
        var record = new Person().Sets("Busy/InACall", 5).Reports("Away/Away").Prefers("Busy/Busy", 5).Record;
        Assert.Equal(["Device Shown Away/Away"], Lines(Person.Rules.Explain(record, Person.Minute(5))));
    }

    [Fact]
    public void A_preference_hides_all_sessions()
    {
        var person = new Person().Sets("Busy/InACall").Prefers("Available/Available");
        person.Has((OutOfOffice, 0, 9), (Focus, 0, 9));
        Assert.Equal(
            [
                "OutOfOffice Shown ",
                "Preferred Shown Available/Available",
                "Focus Hidden DoNotDisturb/Focusing",
                "Application Hidden Busy/InACall",
            ],
            Lines(Person.Rules.Explain(person.Record, person.Now))
        );
    }

    [Fact]
    public void Of_a_person_of_whom_nothing_is_known_there_is_nothing_to_explain()
    {
        var explanation = Person.Rules.Explain(PresenceRecord.Empty, Person.Noon);
        Assert.Empty(explanation.Layers);
        Assert.Equal(MergeRule.NoSession, explanation.Rule.Rule);
        Assert.Null(explanation.NextChangeAt);
        Assert.Null(explanation.Next);
    }

    [Fact]
    public void The_layer_that_is_shown_is_the_one_that_the_rule_speaks_of()
    {
        for (var seed = 0; seed < 1_000; seed++)
        {
            var chance = new Chance(seed);
            var person = new Person();
            for (var commands = 1 + chance.Next(12); commands > 0; commands--)
            {
                person.Do(chance.Command(person.Now));
                person.At((person.Now - Person.Noon).TotalMinutes + chance.Next(4));
            }
            var explanation = Person.Rules.Explain(person.Record, person.Now);
            Assert.True(person.Presence == explanation.Presence, $"seed {seed}");
            Assert.True(Agrees(explanation), $"seed {seed}: {string.Join(", ", Lines(explanation))}");
        }
    }

    private static bool Agrees(Explanation explanation)
    {
        var shown = explanation.Layers.SingleOrDefault(layer =>
            layer.Standing == LayerStanding.Shown && layer.Kind != LayerKind.OutOfOffice
        );
        var isSession = shown?.Kind is LayerKind.Application or LayerKind.Device;
        var isAsSaid = shown?.Shows == shown?.Said;
        return explanation.Rule.Rule switch
        {
            MergeRule.NoSession or MergeRule.NoSessionOutOfOffice => shown is null,
            MergeRule.Preferred => shown?.Kind == LayerKind.Preferred,
            MergeRule.Session => isSession && isAsSaid,
            MergeRule.FadedSession => isSession && !isAsSaid,
            MergeRule.Meeting => shown?.Kind == LayerKind.Meeting,
            MergeRule.Focus => shown?.Kind == LayerKind.Focus,
            MergeRule.AvailableOutOfOffice => shown?.Shows?.ToString() == "Available/Available",
            _ => false,
        };
    }

    private static IEnumerable<string> Lines(Explanation explanation) =>
        explanation.Layers.Select(layer => $"{layer.Kind} {layer.Standing} {layer.Shows}");
}
