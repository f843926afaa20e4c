using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Tests.Replica;

/// <summary>Who waits for a position is released by it, and by nothing before it.</summary>
public sealed class PositionWaitsTests
{
    private readonly PositionWaits waits = new();
    private long position;

    [Fact]
    public async Task Each_waits_for_a_position_of_their_own()
    {
        var (later, sooner) = (Wait(7), Wait(5));
        Come(4);
        Assert.False(sooner.IsCompleted);
        Come(5);
        Assert.True(await sooner);
        Assert.False(later.IsCompleted);
        Come(9);
        Assert.True(await later);
    }

    [Fact]
    public async Task What_is_reached_already_is_not_waited_for()
    {
        Come(5);
        Assert.True(await Wait(5));
    }

    [Fact]
    public async Task Whoever_gives_up_makes_room()
    {
        using var patience = new CancellationTokenSource();
        var all = Enumerable
            .Range(0, PositionWaits.WaitingMax)
            .Select(_ => waits.WaitAsync(1, () => position, patience.Token))
            .ToArray();
        Assert.False(await Wait(1));
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(all));
        var next = Wait(1);
        Come(1);
        Assert.True(await next);
    }

    [Fact]
    public async Task A_node_that_stops_tells_those_who_wait()
    {
        var waiting = Wait(1);
        waits.End(new NodeStoppedException("The server is stopping."));
        await Assert.ThrowsAsync<NodeStoppedException>(() => waiting);
        await Assert.ThrowsAsync<NodeStoppedException>(() => Wait(1));
    }

    private Task<bool> Wait(long wanted) =>
        waits.WaitAsync(wanted, () => position, TestContext.Current.CancellationToken);

    private void Come(long to)
    {
        position = to;
        waits.Reached(to);
    }
}
