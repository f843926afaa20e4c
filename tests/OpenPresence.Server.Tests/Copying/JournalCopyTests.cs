using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Copying;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.Tests.Journal;
using OpenPresence.Server.Tests.State.Machine;

namespace OpenPresence.Server.Tests.Copying;

/// <summary>A copy is the journal, entry for entry, and is there as a whole or not at all.</summary>
public sealed class JournalCopyTests : IDisposable
{
    private readonly DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("op-copy-");
    private readonly ManualClock clock = new(RandomEntries.Start.ToDateTimeOffset());

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(0, 300)]
    [InlineData(1, 300)]
    [InlineData(3, 900)]
    public async Task A_copy_has_every_entry_the_snapshot_and_the_command_ids(int snapshots, int entries)
    {
        var ids = await FillAsync("from", snapshots, entries);

        var done = await CopyAsync("from", "to");

        Assert.Equal(entries, done.LastPosition);
        Assert.Equal(snapshots > 0, done.SnapshotPosition > 0);
        Assert.Equal(await ReadAsync("from"), await ReadAsync("to"));
        await using var copy = await Place("to").OpenAsync(clock, Cancel);
        var again = await copy.Journal.AppendAsync(ids[^1], EntryPayload.Tick);
        Assert.Equal(new Appended(entries, Repeated: true), again);
    }

    [Fact]
    public async Task Copied_back_it_is_what_it_was()
    {
        await FillAsync("from", snapshots: 3, entries: 600);
        var there = await CopyAsync("from", "to");
        var back = await CopyAsync("to", "back");
        Assert.Equal(there with { State = back.State }, back);
        Assert.Equal(there.State.Text, back.State.Text);
        Assert.Equal(await ReadAsync("from"), await ReadAsync("back"));
    }

    [Fact]
    public async Task A_place_that_holds_a_journal_is_left_alone()
    {
        await FillAsync("from", snapshots: 0, entries: 10);
        await FillAsync("to", snapshots: 0, entries: 5);
        var before = await ReadAsync("to");
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => CopyAsync("from", "to"));
        Assert.Equal(JournalRefusal.InUse, refused.Refusal);
        Assert.Equal(before, await ReadAsync("to"));
    }

    [Fact]
    public async Task Where_nothing_is_nothing_is_made()
    {
        await Assert.ThrowsAsync<JournalRefusedException>(() => CopyAsync("nowhere", "to"));
        Assert.False(System.IO.Directory.Exists(PathOf("nowhere")));
        Assert.False(System.IO.Directory.Exists(PathOf("to")));
    }

    [Fact]
    public async Task A_journal_in_use_is_not_copied()
    {
        await FillAsync("from", snapshots: 0, entries: 10);
        await using var running = Open("from");
        await Assert.ThrowsAsync<JournalRefusedException>(() => CopyAsync("from", "to"));
    }

    [Fact]
    public async Task What_an_interrupted_copy_left_is_no_journal_and_in_nobodys_way()
    {
        await FillAsync("from", snapshots: 1, entries: 100);
        using (var interrupt = new CancellationTokenSource())
        {
            await interrupt.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => CopyAsync("from", "to", interrupt.Token));
        }
        var unfinished = Path.Combine(PathOf("to"), DataFolders.Journal + ".copy");
        System.IO.Directory.CreateDirectory(unfinished);
        await File.WriteAllTextAsync(Path.Combine(unfinished, "left"), "behind", Cancel);
        await CopyAsync("from", "to");
        Assert.False(System.IO.Directory.Exists(unfinished));
        Assert.Equal(await ReadAsync("from"), await ReadAsync("to"));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private string PathOf(string name) => Path.Combine(folder.FullName, name);

    private JournalPlace Place(string name) => JournalPlace.Parse(PathOf(name));

    private Task<CopyResult> CopyAsync(string from, string to, CancellationToken? cancel = null) =>
        JournalCopy.RunAsync(Place(from), Place(to), clock, new StartProgress(), cancel ?? Cancel);

    /// <summary>A node's journal with segments of 16 KiB, of which snapshots leave only the last.</summary>
    private async Task<List<Guid>> FillAsync(string name, int snapshots, int entries)
    {
        await using var journal = Open(name);
        await using var node = await Node.StartAsync(
            journal,
            new NodeClock(clock),
            new NodeSettings { SnapshotAtStopEntries = long.MaxValue },
            NullLogger.Instance,
            Cancel
        );
        var each = entries / (snapshots + 1);
        var all = RandomEntries.Of(seed: entries).Take(entries).ToArray();
        for (var i = 0; i < all.Length; i++)
        {
            await node.AppendAsync(all[i].Payload);
            clock.Advance(TimeSpan.FromMilliseconds(i % 3));
            if ((i + 1) % each == 0 && i + 1 < each * (snapshots + 1))
            {
                await node.SnapshotAsync(Cancel);
            }
        }
        var ids = new List<Guid>();
        foreach (var entry in await journal.ReadAllAsync(journal.FirstPosition - 1))
        {
            ids.Add(entry.CommandId);
        }
        return ids;
    }

    private LocalJournal Open(string name) =>
        LocalJournal.Open(
            JournalSteps.Small with
            {
                Directory = Path.Combine(PathOf(name), DataFolders.Journal),
                CommandIdsKept = 50,
            },
            () => Instant.From(clock.GetUtcNow()),
            clock,
            NullLogger<LocalJournal>.Instance
        );

    /// <summary>All that a journal holds, in words.</summary>
    private async Task<List<string>> ReadAsync(string name)
    {
        await using var opened = await Place(name).OpenAsync(clock, Cancel);
        var (read, positions) = (new List<string>(), 0L);
        await using (var snapshot = await opened.Journal.OpenSnapshotAsync(Cancel))
        {
            if (snapshot is not null)
            {
                using var content = new MemoryStream();
                await snapshot.Content.CopyToAsync(content, Cancel);
                read.Add($"{snapshot.Position} {snapshot.At.Ticks} {Convert.ToHexString(content.ToArray())}");
                positions = snapshot.Position;
            }
        }
        await foreach (var batch in opened.ReadAsync(Cancel))
        {
            read.AddRange(
                batch.Select(entry =>
                    $"{entry.Position} {entry.At.Ticks} {entry.CommandId} " + Convert.ToHexString(entry.Payload.Span)
                )
            );
        }
        Assert.True(read.Count > 0 && positions <= opened.Journal.LastPosition);
        return read;
    }
}
