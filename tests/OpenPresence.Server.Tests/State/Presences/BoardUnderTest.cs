using OpenPresence.Engine;
using OpenPresence.Engine.Tests;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.State.Presences;

/// <summary>A board that is told entry by entry, with a follower of its feed; minutes count from noon.</summary>
internal sealed class BoardUnderTest
{
    public static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");
    public static readonly Guid Ada = new("aa000000-0000-0000-0000-000000000001");
    public static readonly Guid Bob = new("bb000000-0000-0000-0000-000000000002");

    private readonly FeedFollower follower;
    private readonly Change[] buffer = new Change[ChangeFeed.ChangesKept];

    public BoardUnderTest(PresenceBoard? board = null)
    {
        Board = board ?? new PresenceBoard(Rules.NewestVersion);
        follower = Board.Feed.Follow();
    }

    public PresenceBoard Board { get; }

    public long Position { get; private set; }

    /// <summary>An entry that only carries time on.</summary>
    public BoardUnderTest At(double minute)
    {
        Board.Advance(Person.Minute(minute), ++Position);
        return this;
    }

    public BoardUnderTest Add(Guid person, Guid? tenant = null)
    {
        Assert.True(Board.AddPerson(person, tenant ?? Tenant, Board.Now, ++Position));
        return this;
    }

    public BoardUnderTest Remove(Guid person)
    {
        Assert.True(Board.RemovePerson(person, Board.Now, ++Position));
        return this;
    }

    public BoardUnderTest Do(Guid person, PresenceCommand command)
    {
        Assert.True(Board.TryApply(person, command, Board.Now, ++Position, out var outcome));
        Assert.Equal(Outcome.Done, outcome);
        return this;
    }

    public BoardUnderTest Sets(Guid person, string pair, double minutes = 240, Guid? app = null) =>
        Do(person, new SetPresence(app ?? Person.App, Person.Pair(pair), Person.Minutes(minutes)));

    public PersonView View(Guid person, Guid? tenant = null)
    {
        Assert.True(Board.Tenants.TryGet(tenant ?? Tenant, out var number));
        Assert.True(Board.TryRead(number, person, out var view));
        return view;
    }

    public string Shows(Guid person)
    {
        var view = View(person);
        return (view.Side?.Presence.Pair ?? PairNumbers.Pair(view.Entry.Pair)).ToString();
    }

    public PersonTimes Times(Guid person)
    {
        Assert.True(Board.Tenants.TryGet(Tenant, out var number));
        Assert.True(Board.TryReadTimes(number, person, out var times));
        return times;
    }

    /// <summary>What the feed told since the last time.</summary>
    public Change[] Told()
    {
        var count = follower.Read(buffer, out var fellBehind);
        Assert.False(fellBehind);
        return buffer[..count];
    }
}
