using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Tests.Journal;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.Replica;

/// <summary>
/// A node over a journal on a disk in memory: how time goes on, what an outage and an entry that cannot be applied
/// do to it, and when it writes snapshots.
/// </summary>
public sealed class NodeTests : IAsyncDisposable
{
    private static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");
    private static readonly Guid Ada = new("aa000000-0000-0000-0000-000000000001");
    private static readonly Guid Bob = new("bb000000-0000-0000-0000-000000000002");
    private static readonly byte[] OfNewerProgram = [99];
    private const int EntriesMax = 100_000;

    private readonly ManualClock clock = new(Person.Noon.ToDateTimeOffset());
    private readonly MemoryDisk disk = new();
    private NodeSettings settings = new();
    private LocalJournal journal = null!;
    private Node node = null!;
    private bool isRunning;

    [Fact]
    public async Task A_tick_is_appended_when_a_deadline_is_due_and_nothing_else_comes()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 5);
        node.StartTicking(clock, new AllDuties());
        clock.Advance(TimeSpan.FromMinutes(5));
        await Eventually.IsSoAsync(() => Shows(Ada) == "Offline/Offline");
        Assert.Equal(Person.Minute(5), SinceOf(Ada));
    }

    [Fact]
    public async Task One_tick_covers_all_that_are_due_each_at_its_own_instant()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 5);
        await SetAsync(Bob, minutes: 7);
        var before = journal.LastPosition;
        clock.Advance(TimeSpan.FromMinutes(60));
        Assert.True(await node.TickIfDueAsync());
        Assert.Equal(before + 1, journal.LastPosition);
        Assert.Equal((Person.Minute(5), Person.Minute(7)), (SinceOf(Ada), SinceOf(Bob)));
        Assert.False(await node.TickIfDueAsync());
        Assert.Equal(before + 1, journal.LastPosition);
    }

    [Fact]
    public async Task No_tick_is_appended_a_moment_before_the_deadline()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 5);
        clock.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(1));
        Assert.False(await node.TickIfDueAsync());
        clock.Advance(TimeSpan.FromTicks(1));
        Assert.True(await node.TickIfDueAsync());
    }

    [Fact]
    public async Task While_the_journal_cannot_be_written_time_stands_still_and_then_goes_on()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 5);
        FailFlushes();
        clock.Advance(TimeSpan.FromMinutes(60));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => node.TickIfDueAsync().AsTask());
        Assert.Equal("Busy/InACall", Shows(Ada));
        Assert.Equal(Person.Noon, node.State.Board.Now);
        Assert.Contains("cannot be written", node.Fault, StringComparison.Ordinal);
        await Assert.ThrowsAsync<JournalUnavailableException>(() => SetAsync(Bob, minutes: 5));

        await RecoverAsync();
        Assert.Null(node.Fault);
        Assert.True(await node.TickIfDueAsync());
        Assert.Equal("Offline/Offline", Shows(Ada));
        Assert.Equal(Person.Minute(5), SinceOf(Ada));
        Assert.Equal("Offline/Offline", Shows(Bob)); // refused is refused
    }

    [Fact]
    public async Task Ticking_goes_on_by_itself_after_an_outage()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 5);
        node.StartTicking(clock, new AllDuties());
        FailFlushes();
        clock.Advance(TimeSpan.FromMinutes(5));
        await Eventually.IsSoAsync(() => node.Fault is not null);
        Assert.Equal("Busy/InACall", Shows(Ada));
        await RecoverAsync();
        await Eventually.IsSoAsync(() =>
        {
            clock.Advance(NodeSettings.TickEvery);
            return Shows(Ada) == "Offline/Offline";
        });
        Assert.Equal(Person.Minute(5), SinceOf(Ada));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_applied_stops_the_node_and_reads_go_on()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 60);
        await Assert.ThrowsAsync<NodeStoppedException>(() => node.AppendAsync(OfNewerProgram).AsTask());
        await Assert.ThrowsAsync<NodeStoppedException>(() => node.Stopped);
        Assert.Contains($"position {journal.LastPosition} ", node.Fault, StringComparison.Ordinal);
        Assert.Equal("Busy/InACall", Shows(Ada));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => SetAsync(Bob, minutes: 5));
        await Assert.ThrowsAsync<JournalUnavailableException>(() => SnapshotAsync());

        await StopAsync();
        await Assert.ThrowsAsync<InvalidDataException>(StartAsync);
    }

    [Fact]
    public async Task A_node_that_stopped_half_way_writes_no_snapshot_at_its_end()
    {
        settings = settings with { SnapshotAtStopEntries = 1 };
        await StartAsync();
        await Assert.ThrowsAsync<NodeStoppedException>(() => node.AppendAsync(OfNewerProgram).AsTask());
        await StopAsync();
        Assert.DoesNotContain(disk.Names, IsSnapshot);
    }

    [Theory]
    [InlineData(3, true)] // a tenant and two people
    [InlineData(4, false)]
    public async Task A_clean_stop_writes_a_snapshot_when_there_was_enough_since_the_last(int entries, bool isWritten)
    {
        settings = settings with { SnapshotAtStopEntries = entries };
        await StartAsync();
        await StopAsync();
        Assert.Equal(isWritten, disk.Names.Any(IsSnapshot));

        await StartAsync();
        Assert.Equal(3, node.State.Position);
        Assert.Equal("Offline/Offline", Shows(Ada));
    }

    [Fact]
    public async Task A_snapshot_is_begun_whenever_there_were_so_many_entries()
    {
        settings = settings with { SnapshotEveryEntries = 5 };
        await StartAsync();
        await SetAsync(Ada, minutes: 1);
        Assert.DoesNotContain(disk.Names, IsSnapshot);
        await SetAsync(Ada, minutes: 2);
        await Eventually.IsSoAsync(() => disk.Names.Contains(NameOf(5)));

        // The next one is begun after five more, or as soon as the first is out of the way.
        while (disk.Names.Count(IsSnapshot) < 2)
        {
            Assert.True(node.State.Position < EntriesMax, "no second snapshot");
            await SetAsync(Ada, minutes: 2);
        }
        Assert.DoesNotContain(disk.Names, name => IsSnapshot(name) && IsBetween(name, 6, 9));
    }

    [Fact]
    public async Task Who_asks_for_a_snapshot_while_one_is_written_gets_one_that_holds_all_so_far()
    {
        await StartAsync();
        using var mayWrite = new ManualResetEventSlim();
        HoldSnapshots(mayWrite);
        var first = SnapshotAsync();
        await SetAsync(Ada, minutes: 60);
        var (second, third) = (SnapshotAsync(), SnapshotAsync());
        Assert.False(first.IsCompleted || second.IsCompleted || third.IsCompleted);
        mayWrite.Set();
        await Task.WhenAll(first, second, third);
        Assert.Equal([NameOf(3), NameOf(4)], disk.Names.Where(IsSnapshot));
    }

    [Fact]
    public async Task A_snapshot_that_holds_all_already_is_not_written_again()
    {
        await StartAsync();
        await SnapshotAsync();
        disk.Fault = (operation, _) => Assert.Equal(DiskOperation.Read, operation);
        await SnapshotAsync();
        disk.Fault = null;
    }

    [Fact]
    public async Task A_snapshot_that_cannot_be_written_leaves_the_node_alone()
    {
        await StartAsync();
        disk.Fault = (operation, name) =>
        {
            if (IsOfSnapshot(operation, name))
            {
                throw new IOException("No space left on device");
            }
        };
        await Assert.ThrowsAsync<JournalUnavailableException>(() => SnapshotAsync());
        await SetAsync(Ada, minutes: 60);
        Assert.Null(node.Fault);
        disk.Fault = null;
        await SnapshotAsync();
        Assert.Contains(NameOf(4), disk.Names);
    }

    [Fact]
    public async Task What_ended_while_nobody_ran_has_ended_when_it_did()
    {
        await StartAsync();
        await SetAsync(Ada, minutes: 5);
        await StopAsync();
        clock.Advance(TimeSpan.FromHours(9));
        await StartAsync();
        Assert.True(await node.TickIfDueAsync());
        Assert.Equal(Person.Minute(5), SinceOf(Ada));
    }

    public async ValueTask DisposeAsync()
    {
        disk.Fault = null;
        await StopAsync();
    }

    /// <summary>Starts on what the disk holds; on an empty one come a tenant and two people, three entries.</summary>
    private async Task StartAsync()
    {
        var nodeClock = new NodeClock(clock);
        journal = JournalSteps.Open(disk, clock: clock, now: () => nodeClock.Now);
        node = await Node.StartAsync(
            journal,
            nodeClock,
            settings,
            NullLogger.Instance,
            TestContext.Current.CancellationToken
        );
        isRunning = true;
        if (node.State.Position == 0)
        {
            await node.ExecuteAsync(new TenantUpserted(new Tenant(Tenant, "T", ["t.example"])));
            await node.ExecuteAsync(new PersonKnown(Ada, Tenant));
            await node.ExecuteAsync(new PersonKnown(Bob, Tenant));
        }
    }

    private async Task StopAsync()
    {
        if (isRunning)
        {
            isRunning = false;
            await node.DisposeAsync();
        }
        await journal.DisposeAsync();
    }

    private async Task SetAsync(Guid person, double minutes)
    {
        var command = new SetPresence(Person.App, Person.Pair("Busy/InACall"), Person.Minutes(minutes));
        Assert.Equal(Outcome.Done, (await node.ExecuteAsync(person, command)).Presence);
    }

    private Task SnapshotAsync() => node.SnapshotAsync(TestContext.Current.CancellationToken);

    private string Shows(Guid person)
    {
        Assert.True(node.State.Board.Tenants.TryGet(Tenant, out var tenant));
        Assert.True(node.State.Board.TryRead(tenant, person, out var view));
        return PairNumbers.Pair(view.Entry.Pair).ToString();
    }

    private Instant SinceOf(Guid person)
    {
        Assert.True(node.State.Board.Tenants.TryGet(Tenant, out var tenant));
        Assert.True(node.State.Board.TryReadTimes(tenant, person, out var times));
        return times.SinceAt;
    }

    private void FailFlushes() =>
        disk.Fault = (operation, _) =>
        {
            if (operation == DiskOperation.Flush)
            {
                throw new IOException("I/O error");
            }
        };

    /// <summary>The disk works again, and the journal tries it at its next attempt.</summary>
    private async Task RecoverAsync()
    {
        disk.Fault = null;
        await Eventually.IsSoAsync(() =>
        {
            clock.Advance(TimeSpan.FromMilliseconds(100));
            return journal.Fault is null;
        });
    }

    private void HoldSnapshots(ManualResetEventSlim until) =>
        disk.Fault = (operation, name) =>
        {
            if (IsOfSnapshot(operation, name))
            {
                Assert.True(until.Wait(JournalSteps.WaitMax), "nobody let the snapshot go on");
            }
        };

    private static bool IsOfSnapshot(DiskOperation operation, string name) =>
        operation == DiskOperation.Create && name.StartsWith("snapshot", StringComparison.Ordinal);

    private static bool IsSnapshot(string name) => name.EndsWith(SnapshotId.Extension, StringComparison.Ordinal);

    private static bool IsBetween(string name, long first, long last) =>
        string.CompareOrdinal(NameOf(first), name) <= 0 && string.CompareOrdinal(name, NameOf(last)) <= 0;

    private static string NameOf(long position) => new SnapshotId(position, default).Name;
}
