using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.Tests.Journal;

namespace OpenPresence.Server.Tests.State.Machine;

/// <summary>An entry that asks every node for the hash of its state.</summary>
public sealed class StateHashTests
{
    private readonly MemoryDisk disk = new();
    private readonly ManualClock clock = new(RandomEntries.Start.ToDateTimeOffset());

    [Fact]
    public async Task A_node_tells_the_hash_of_its_state_at_the_entry()
    {
        await using var journal = JournalSteps.Open(disk, clock: clock);
        await using var node = await StartAsync(journal);
        var told = Listen(node);
        await AppendAsync(node, seed: 1);
        var asked = await node.AppendAsync(EntryPayload.StateHash);
        await AppendAsync(node, seed: 2); // the hash is of the state before
        var before = new NodeState(new NodeClock(clock));
        foreach (var entry in (await journal.ReadAllAsync()).Take((int)asked.Position))
        {
            before.Apply(entry);
        }

        var hash = await told;

        Assert.Equal(asked.Position, hash.Position);
        var expected = SHA256.HashData(StateBytes.Of(before));
        Assert.Equal(Convert.ToHexStringLower(expected), hash.Text);
    }

    [Fact]
    public async Task A_replay_of_the_journal_comes_to_the_same()
    {
        await using var journal = JournalSteps.Open(disk, clock: clock);
        await using var node = await StartAsync(journal);
        var told = Listen(node);
        await AppendAsync(node, seed: 3);
        await node.SnapshotAsync(TestContext.Current.CancellationToken);
        await AppendAsync(node, seed: 4);
        await node.AppendAsync(EntryPayload.StateHash);
        await AppendAsync(node, seed: 5);

        var hash = await told;
        var replayed = await Replay.HashAsync(journal, hash.Position, clock, TestContext.Current.CancellationToken);

        Assert.Equal((hash.Position, hash.Text), (replayed.Position, replayed.Text));
    }

    [Fact]
    public async Task While_another_cut_is_written_the_node_says_that_it_is_busy()
    {
        await using var journal = JournalSteps.Open(disk, clock: clock);
        await using var node = await StartAsync(journal);
        using var goOn = new ManualResetEventSlim();
        disk.Fault = (operation, name) =>
        {
            if (operation == DiskOperation.Create && name.StartsWith("snapshot", Ordinal))
            {
                Assert.True(goOn.Wait(JournalSteps.WaitMax), "nobody let the snapshot go on");
            }
        };
        var told = Listen(node);
        await AppendAsync(node, seed: 6);
        var snapshot = node.SnapshotAsync(TestContext.Current.CancellationToken);
        await node.AppendAsync(EntryPayload.StateHash);
        Assert.Equal("busy", (await told).Text);
        goOn.Set();
        await snapshot;
    }

    [Fact]
    public void It_changes_nothing_but_the_position()
    {
        var state = new NodeState(new NodeClock(clock));
        foreach (var entry in RandomEntries.Of(seed: 7))
        {
            state.Apply(entry);
        }
        var (now, next) = (state.Board.Now, state.Position + 1);
        var people = state.Board.People;
        state.Apply(new Entry(next, now, Guid.NewGuid(), EntryPayload.StateHash));
        Assert.Equal((next, now, people), (state.Position, state.Board.Now, state.Board.People));
    }

    private Task<Node> StartAsync(LocalJournal journal) =>
        Node.StartAsync(
            journal,
            new NodeClock(clock),
            new NodeSettings(),
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );

    private static Task<StateHash> Listen(Node node)
    {
        var told = new TaskCompletionSource<StateHash>();
        node.HashTold = (hash, _) =>
        {
            told.TrySetResult(hash);
            return Task.CompletedTask;
        };
        return told.Task.WaitAsync(JournalSteps.WaitMax);
    }

    private static async Task AppendAsync(Node node, int seed)
    {
        foreach (var entry in RandomEntries.Of(seed).Take(200))
        {
            await node.AppendAsync(entry.Payload);
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;
}
