using OpenPresence.Engine;
using OpenPresence.Engine.Tests;
using OpenPresence.Server.State.Presences;
using static OpenPresence.Server.Tests.State.Presences.BoardUnderTest;

namespace OpenPresence.Server.Tests.State.Presences;

public sealed class PresenceBoardTests
{
    private readonly BoardUnderTest board = new BoardUnderTest().At(0).Add(Ada);

    [Fact]
    public void Nobody_of_another_tenant_and_nobody_unknown_is_read()
    {
        var other = new Guid("7e000000-0000-0000-0000-000000000002");
        board.Add(Bob, other);
        Assert.True(board.Board.Tenants.TryGet(other, out var number));
        Assert.False(board.Board.TryRead(number, Ada, out _));
        Assert.False(board.Board.TryRead(number, Guid.NewGuid(), out _));
        Assert.True(board.Board.TryGetTenantOf(Bob, out var tenant));
        Assert.Equal(other, tenant);
        Assert.False(board.Board.AddPerson(Ada, other, board.Board.Now, 99));
    }

    [Fact]
    public void The_people_of_each_tenant_are_counted_as_they_come_and_go()
    {
        for (var tenant = 1; tenant <= 40; tenant++) // more than there is room for at first
        {
            board.Add(new Guid(tenant, 1, 0, new byte[8]), new Guid(tenant, 0, 0, new byte[8]));
        }
        board.Add(Bob);
        Assert.Equal(2, CountOf(Tenant));
        Assert.Equal(1, CountOf(new Guid(40, 0, 0, new byte[8])));
        board.Remove(Ada);
        Assert.Equal(1, CountOf(Tenant));

        int CountOf(Guid tenantId)
        {
            Assert.True(board.Board.Tenants.TryGet(tenantId, out var number));
            return board.Board.Tenants.PeopleOf(number);
        }
    }

    [Fact]
    public void Somebody_new_is_Offline_since_then_and_was_never_seen()
    {
        Assert.Equal("Offline/Offline", board.Shows(Ada));
        Assert.Equal(new PersonTimes(Person.Minute(0), null), board.Times(Ada));
    }

    [Fact]
    public void Since_counts_from_the_instant_at_which_the_pair_became_different()
    {
        board.At(1).Sets(Ada, "Busy/InACall");
        board.At(3).Sets(Ada, "Busy/InACall");
        Assert.Equal(Person.Minute(1), board.Times(Ada).SinceAt);
        board.At(4).Do(Ada, new SetStatusMessage("Lunch", null));
        Assert.Equal(Person.Minute(1), board.Times(Ada).SinceAt);
        board.At(5).Sets(Ada, "Away/Away");
        Assert.Equal(Person.Minute(5), board.Times(Ada).SinceAt);
    }

    [Fact]
    public void Somebody_was_last_seen_when_the_pair_went_to_Offline()
    {
        board.At(1).Sets(Ada, "Busy/InACall", 5);
        Assert.Null(board.Times(Ada).LastSeenAt);
        board.At(60);
        Assert.Equal("Offline/Offline", board.Shows(Ada));
        Assert.Equal(new PersonTimes(Person.Minute(6), Person.Minute(6)), board.Times(Ada));
        board.At(70).Sets(Ada, "Busy/InACall");
        Assert.Equal(new PersonTimes(Person.Minute(70), Person.Minute(6)), board.Times(Ada));
    }

    [Fact]
    public void Deadlines_are_crossed_in_the_order_of_instant_and_then_person()
    {
        board.Add(Bob);
        board.Sets(Bob, "Busy/InACall", 7).Sets(Ada, "Busy/InACall", 7);
        board.At(1).Sets(Ada, "Available/Available", 60, Person.OtherApp);
        board.Told();
        board.At(30);
        var told = board.Told();
        Assert.Equal(
            [(7, Ada, "Available/AvailableInactive"), (7, Bob, "Offline/Offline"), (11, Ada, "Away/Away")],
            told.Select(c => ((c.At - Person.Noon).TotalMinutes, c.PersonId, $"{c.After}"))
                .Select(c => ((int)c.TotalMinutes, c.PersonId, c.Item3))
        );
        Assert.All(told, change => Assert.Equal(ChangeReason.Time, change.Reason));
        Assert.All(told, change => Assert.Equal(board.Position, Sequence.Position(change.Sequence)));
    }

    [Fact]
    public void A_jump_tells_the_same_changes_as_small_steps()
    {
        var steps = new BoardUnderTest().At(0).Add(Ada);
        BoardUnderTest[] boards = [board, steps];
        foreach (var each in boards)
        {
            each.Add(Bob).Sets(Ada, "Available/Available", 240).Sets(Bob, "Busy/Busy", 9.00001);
            each.At(2).Sets(Bob, "Available/Available", 8.00001, Person.OtherApp);
            each.Do(Ada, new SetStatusMessage("Lunch", Person.Minute(10.00002)));
            each.Told();
        }
        var stepped = new List<Change>();
        for (var minute = 3.0; minute < 300; minute += 0.01)
        {
            stepped.AddRange(steps.At(minute).Told());
        }
        var jumped = board.At(300).Told();
        Assert.Equal(
            stepped.Select(c => (c.At, c.PersonId, c.Before, c.After, c.Reason)),
            jumped.Select(c => (c.At, c.PersonId, c.Before, c.After, c.Reason))
        );
        Assert.Equal(6, jumped.Length);
    }

    [Fact]
    public void A_renewal_stamped_before_the_expiry_but_applied_after_it_never_shows_Offline()
    {
        board.Sets(Ada, "Busy/InACall", 5);
        board.Told();
        // The entry is stamped a moment before; that it is applied much later changes nothing.
        board.At(4.9999).Sets(Ada, "Busy/InACall", 5);
        board.At(9.9998);
        Assert.Empty(board.Told());
        Assert.Equal("Busy/InACall", board.Shows(Ada));
    }

    [Fact]
    public void The_sequence_grows_with_each_visible_change_and_stays_otherwise()
    {
        var added = board.View(Ada).Sequence;
        board.Sets(Ada, "Busy/InACall");
        var busy = board.View(Ada).Sequence;
        Assert.True(busy > added);
        board.Sets(Ada, "Busy/InACall").Sets(Ada, "Away/Away", app: Person.OtherApp);
        Assert.Equal(busy, board.View(Ada).Sequence);
    }

    [Fact]
    public void Who_comes_back_after_a_removal_goes_on_in_sequence_and_begins_without_a_past()
    {
        board.Sets(Ada, "Busy/InACall").Do(Ada, new SetStatusMessage("Lunch", null));
        var before = board.View(Ada).Sequence;
        board.Told();
        board.Remove(Ada);
        var removed = Assert.Single(board.Told());
        Assert.Equal(ChangeReason.Removed, removed.Reason);
        Assert.True(removed.Sequence > before);
        board.At(1).Add(Ada);
        var added = Assert.Single(board.Told());
        Assert.Equal((PresencePair.Unknown, PresencePair.Offline), (added.Before, added.After));
        Assert.True(added.Sequence > removed.Sequence);
        Assert.Equal("Offline/Offline", board.Shows(Ada));
        Assert.Null(board.View(Ada).Side);
        Assert.Empty(board.At(600).Told());
    }

    [Fact]
    public void A_removed_person_leaves_nothing_behind_for_who_gets_the_row()
    {
        board.Do(Ada, new SetStatusMessage("Lunch", Person.Minute(30))).Remove(Ada).Add(Bob);
        Assert.Equal(1, board.Board.Rows.Count);
        Assert.Equal(0, board.Board.Rows.Sides);
        Assert.Null(board.View(Bob).Side);
        board.Told();
        Assert.Empty(board.At(60).Told());
    }

    [Fact]
    public void Only_what_a_reader_can_see_is_told()
    {
        board.Sets(Ada, "Busy/InACall");
        board.Told();
        board.Do(Ada, new SetUserPreferredPresence(Person.Pair("Busy/Busy"), Person.Minutes(60)));
        Assert.Equal("Busy/Busy", Assert.Single(board.Told()).After.ToString());
        board.Sets(Ada, "Available/Available"); // hidden by what is preferred
        Assert.Empty(board.Told());
        board.Do(Ada, new SetStatusMessage("Lunch", null));
        Assert.False(Assert.Single(board.Told()).IsOfPair);
        board.Do(Ada, new SetAutomaticReplies(new(null, null, null)));
        Assert.False(Assert.Single(board.Told()).IsOfPair);
        Assert.True(board.View(Ada).Entry.Flags.HasFlag(PersonFlags.OutOfOffice));
    }

    [Fact]
    public void The_next_deadline_is_known_exactly_also_after_its_row_was_renewed()
    {
        board.Sets(Ada, "Busy/InACall", 5).Add(Bob).Sets(Bob, "Busy/InACall", 5.0003);
        Assert.Equal(Person.Minute(5), board.Board.NextDueAt());
        board.At(1).Sets(Ada, "Busy/InACall", 60);
        Assert.True(board.Board.DueBound <= Person.Minute(5.0003));
        Assert.Equal(Person.Minute(5.0003), board.Board.NextDueAt());
        Assert.Equal(Person.Minute(5.0003), board.Board.DueBound);
        board.At(6);
        Assert.Equal(Person.Minute(61), board.Board.NextDueAt());
        board.At(62);
        Assert.Null(board.Board.NextDueAt());
    }

    [Fact]
    public void Years_may_pass_between_two_entries()
    {
        const double Year = 365 * 24 * 60;
        board.Do(Ada, new SetStatusMessage("Sabbatical", Person.Minute(30 * Year)));
        board.Sets(Ada, "Busy/Busy", 25 * Year);
        board.Told();
        board.At(20 * Year).Add(Bob).Sets(Bob, "Busy/Busy", 5);
        board.Told();
        Assert.Equal(Bob, Assert.Single(board.At(21 * Year).Told()).PersonId);
        Assert.Equal("Offline/Offline", Assert.Single(board.At(29 * Year).Told()).After.ToString());
        Assert.Null(Assert.Single(board.At(31 * Year).Told().Select(_ => board.View(Ada).Side)));
    }

    [Fact]
    public void Who_fell_behind_finds_who_changed_since_a_position_of_the_own_tenant_only()
    {
        var other = new Guid("7e000000-0000-0000-0000-000000000002");
        board.Add(Bob).Add(Guid.NewGuid(), other);
        var position = board.Position;
        board.Sets(Bob, "Busy/Busy");
        Assert.True(board.Board.Tenants.TryGet(Tenant, out var number));
        var found = new PersonEntry[1];
        Assert.Equal([Ada, Bob], ChangedSince(0));
        Assert.Equal([Bob], ChangedSince(position));
        Assert.Equal([], ChangedSince(board.Position));

        List<Guid> ChangedSince(long since)
        {
            var ids = new List<Guid>();
            for (var row = 0; board.Board.ChangedSince(number, since, ref row, found) > 0; )
            {
                ids.Add(found[0].Id);
            }
            return ids;
        }
    }

    [Fact]
    public void Rules_that_the_program_does_not_know_are_refused_and_known_ones_never_go_back()
    {
        board.Sets(Ada, "Busy/Busy");
        board.Told();
        board.Board.ActivateRules(Rules.NewestVersion, board.Board.Now, 50);
        Assert.Empty(board.Told());
        var refused = Assert.Throws<InvalidDataException>(() =>
            board.Board.ActivateRules(Rules.NewestVersion + 1, board.Board.Now, 51)
        );
        Assert.Contains("newer program", refused.Message, StringComparison.Ordinal);
    }
}
