using System.Xml;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Testing;

/// <summary>
/// The server's clock: it stands still, at the time of the start, until the test moves it. When a move returns, everything
/// that was due on the way has happened, each thing at its own instant: sessions ended, presences faded, scenarios were played,
/// and the notifications of all of it were sent and answered. Tokens keep the time of the system.
/// </summary>
public sealed class PresenceClock
{
    private readonly PresenceServer server;
    private readonly Node node;

    internal PresenceClock(PresenceServer server, Node node)
    {
        (this.server, this.node) = (server, node);
        TimeProvider = new SameTime(this);
    }

    /// <summary>Stops the clock of a server that just started, without the way over a connection that nothing has used yet.</summary>
    internal static async Task BeginAsync(Node node)
    {
        var now = node.State.Clock.Now;
        await node.AppendAsync(EntryPayload.Of(new NodeClock.Setting(TimeSpan.Zero, now)));
        await node.AppendAsync(EntryPayload.Tick);
    }

    /// <summary>What it shows.</summary>
    public DateTimeOffset Now
    {
        get
        {
            // The entry that froze it came a moment after the instant at which it stands.
            var (shown, carried) = (node.State.Clock.Now, node.State.Board.Now);
            return (shown > carried ? shown : carried).ToDateTimeOffset();
        }
    }

    /// <summary>
    /// The same time for code that asks a <see cref="TimeProvider"/>, so that it and the server agree on what is over. Its timers
    /// are the system's: they go off by themselves, not when this clock is moved.
    /// </summary>
    public TimeProvider TimeProvider { get; }

    /// <summary>Whether it stands still.</summary>
    public bool IsFrozen => node.State.Clock.Current.FrozenAt is not null;

    /// <summary>When something ends or begins by itself next; null: nothing will.</summary>
    public DateTimeOffset? NextDueAt => node.Between(state => state.Board.NextDueAt())?.ToDateTimeOffset();

    /// <summary>Moves it on, by up to 366 days.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await server.Control.PostAsync("clock/advance", new { duration = XmlConvert.ToString(by) });
        await server.SettledAsync();
    }

    /// <summary>Moves it on to an instant; never back.</summary>
    public async Task AdvanceToAsync(DateTimeOffset at)
    {
        await server.Control.PostAsync("clock/set", new { dateTime = at });
        await server.SettledAsync();
    }

    /// <summary>Stops it where it is.</summary>
    public Task FreezeAsync() => server.Control.PostAsync("clock/freeze", new { });

    /// <summary>Lets it run on from where it is, as clocks do.</summary>
    public Task RunAsync() => server.Control.PostAsync("clock/run", new { });

    private sealed class SameTime(PresenceClock clock) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => clock.Now;
    }
}
