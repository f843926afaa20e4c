namespace OpenPresence.Engine.Tests;

/// <summary>Random commands and clock steps, against <see cref="Model"/>. A failure names its seed.</summary>
public sealed class SimulationTests
{
    private const int Seeds = 400;
    private const int StepsPerSeed = 60;

    [Fact]
    public void What_is_shown_is_what_the_model_shows_at_every_minute()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var chance = new Chance(seed);
            var model = new Model();
            var person = new Person();
            var minute = 0;
            for (var step = 0; step < StepsPerSeed; step++)
            {
                for (var passing = chance.Next(5); passing > 0; passing--)
                {
                    person.At(++minute);
                    AssertSame(model, person, seed, step);
                }
                var command = chance.Command(person.Now);
                var expected = IsMissing(model, person.Now, command) ? Outcome.SessionNotFound : Outcome.Done;
                Assert.True(expected == person.Do(command), $"seed {seed}, step {step}: {command}");
                model.Add(person.Now, command);
                AssertSame(model, person, seed, step);
            }
        }
    }

    [Fact]
    public void Every_visible_change_is_announced_and_nothing_else_is()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var chance = new Chance(seed);
            var person = new Person();
            for (var commands = 1 + chance.Next(15); commands > 0; commands--)
            {
                person.Do(chance.Command(person.Now));
            }
            var (record, at) = (person.Record, person.Now);
            for (var crossed = 0; Person.Rules.NextChangeAt(record, at) is { } next; crossed++)
            {
                Assert.True(next > at, $"seed {seed}: time does not advance");
                Assert.True(crossed < 200, $"seed {seed}: it never ends");
                var between = at + new TimeSpan((next - at).Ticks / 2);
                Assert.True(
                    Person.Rules.Merge(record, at) == Person.Rules.Merge(record, between),
                    $"seed {seed}: changed unannounced before {next}"
                );
                var later = Person.Rules.Prune(record, next);
                Assert.True(
                    !ReferenceEquals(later, record)
                        || Person.Rules.Merge(record, at) != Person.Rules.Merge(record, next),
                    $"seed {seed}: announced without a change at {next}"
                );
                (record, at) = (later, next);
            }
        }
    }

    [Fact]
    public void How_often_time_is_looked_at_makes_no_difference()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var (eager, lazy) = (new Person(), PresenceRecord.Empty);
            var chance = new Chance(seed);
            for (var step = 0; step < StepsPerSeed; step++)
            {
                eager.At((eager.Now - Person.Noon).TotalMinutes + chance.Next(12));
                var command = chance.Command(eager.Now);
                var decision = Person.Rules.Decide(lazy, command, eager.Now);
                Assert.True(eager.Do(command) == decision.Outcome, $"seed {seed}, step {step}");
                lazy = decision.Record;
                Assert.True(eager.Record == lazy, $"seed {seed}, step {step}: {command}");
            }
        }
    }

    [Fact]
    public void Sessions_set_at_one_instant_make_the_same_record_in_whatever_order()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var chance = new Chance(seed);
            var commands = Enumerable
                .Range(0, 8)
                .Select(key => new ReportDevice(
                    new Guid(chance.Next(1 << 30), 0, 0, [.. Enumerable.Repeat((byte)key, 8)]),
                    PairTable.Rows[chance.Next(PairTable.Rows.Count)].Pair,
                    Person.Minutes(1 + chance.Next(9))
                ))
                .ToArray();
            var (forth, back) = (new Person(), new Person());
            Array.ForEach(commands, command => forth.Do(command));
            Array.ForEach([.. commands.Reverse()], command => back.Do(command));
            Assert.True(forth.Record == back.Record, $"seed {seed}");
            Assert.True(forth.Presence == back.Presence, $"seed {seed}");
        }
    }

    [Fact]
    public void A_renewal_stamped_before_an_expiry_never_shows_Offline_in_between()
    {
        for (var late = 0; late < 5; late++)
        {
            var person = new Person().Sets("Busy/InACall", 5).At(5 - 1.0 / 60).Sets("Busy/InACall");
            Assert.Equal("Busy/InACall", person.At(5 + late).Shows);
        }
    }

    private static bool IsMissing(Model model, Instant now, PresenceCommand command) =>
        command switch
        {
            ClearPresence clear => !model.HasSession(now, false, clear.ApplicationId),
            RemoveDevice remove => !model.HasSession(now, true, remove.DeviceId),
            _ => false,
        };

    private static void AssertSame(Model model, Person person, int seed, int step)
    {
        var (now, presence) = (person.Now, person.Presence);
        var expected = (
            model.Shows(now),
            model.IsOutOfOffice(now),
            model.OutOfOfficeMessage(now),
            model.StatusMessage(now),
            model.Location(now)
        );
        var place = presence.WorkLocation;
        var actual = (
            presence.Pair.ToString(),
            presence.IsOutOfOffice,
            presence.OutOfOfficeMessage,
            presence.StatusMessage?.Content,
            $"{place.Source} {place.Type} {place.PlaceId}"
        );
        Assert.True(expected == actual, $"seed {seed}, step {step}, {now}: {expected} expected, {actual} shown");
    }
}
