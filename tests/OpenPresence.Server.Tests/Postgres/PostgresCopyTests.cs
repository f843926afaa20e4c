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

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>A journal moves from a folder into a database and back, and is the same journal all the way.</summary>
public sealed class PostgresCopyTests(SharedPostgres shared) : IDisposable
{
    private const int Entries = 900;

    private readonly DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("op-move-");
    private readonly ManualClock clock = new(RandomEntries.Start.ToDateTimeOffset());

    public void Dispose() => folder.Delete(recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task A_journal_copied_into_a_database_and_back_is_what_it_was(int snapshots)
    {
        var connection = await shared.CreateDatabaseAsync();
        await FillAsync(snapshots);
        var before = await ReadAsync(Folder("from"));
        var picture = new byte[] { 1, 2, 3 };
        Assert.Equal(1, await Folder("from").KeepAsync(new[] { picture }.ToAsyncEnumerable()));

        var there = await CopyAsync(Folder("from"), JournalPlace.Parse(connection));
        var inside = await ReadAsync(JournalPlace.Parse(connection));
        var back = await CopyAsync(JournalPlace.Parse(connection), Folder("back"));

        Assert.Equal(before, inside);
        Assert.Equal(before, await ReadAsync(Folder("back")));
        Assert.Equal(there.State.Text, back.State.Text);
        Assert.Equal(picture, Assert.Single(await PicturesOfAsync(Folder("back"))));
        Assert.Equal((there.FirstPosition, Entries), (back.FirstPosition, back.LastPosition));
    }

    [Fact]
    public async Task A_node_goes_on_in_the_database_where_the_folder_ended()
    {
        var connection = await shared.CreateDatabaseAsync();
        await FillAsync(snapshots: 1);
        var done = await CopyAsync(Folder("from"), JournalPlace.Parse(connection));
        await using var opened = await JournalPlace.Parse(connection).OpenAsync(clock, Cancel);
        await using var node = await Node.StartAsync(
            opened.Journal,
            new NodeClock(clock),
            new NodeSettings(),
            NullLogger.Instance,
            Cancel
        );
        using (var cut = node.Between(state => state.TakeCut()))
        {
            Assert.Equal(done.State.Text, StateHash.Of(cut, Cancel).Text);
        }
        var next = await node.AppendAsync(EntryPayload.Tick);
        Assert.Equal(Entries + 1, next.Position);
        var known = Guid.Parse((await ReadAsync(Folder("from")))[^1].Split(' ')[2]);
        var again = await opened.Journal.AppendAsync(known, EntryPayload.Tick);
        Assert.Equal(new Appended(Entries, Repeated: true), again);
    }

    [Fact]
    public async Task A_database_that_holds_a_journal_is_left_alone()
    {
        var connection = await shared.CreateDatabaseAsync();
        await FillAsync(snapshots: 0);
        await CopyAsync(Folder("from"), JournalPlace.Parse(connection));
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() =>
            CopyAsync(Folder("from"), JournalPlace.Parse(connection))
        );
        Assert.Equal(JournalRefusal.InUse, refused.Refusal);
        Assert.DoesNotContain("Password", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_a_copy_that_was_interrupted_nothing_is_there()
    {
        var connection = await shared.CreateDatabaseAsync();
        await FillAsync(snapshots: 1);
        await using (var source = await Folder("from").OpenAsync(clock, Cancel))
        {
            await using var target = await JournalPlace.Parse(connection).BeginAsync(Cancel);
            await using var snapshot = await source.Journal.OpenSnapshotAsync(Cancel);
            await target.WriteSnapshotAsync(snapshot!, Cancel);
            await foreach (var batch in source.ReadAsync(Cancel))
            {
                await target.WriteAsync(batch, Cancel);
            }
        }
        await CopyAsync(Folder("from"), JournalPlace.Parse(connection));
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private JournalPlace Folder(string name) => JournalPlace.Parse(Path.Combine(folder.FullName, name));

    private Task<CopyResult> CopyAsync(JournalPlace from, JournalPlace to) =>
        JournalCopy.RunAsync(from, to, clock, new StartProgress(), Cancel);

    private async Task FillAsync(int snapshots)
    {
        var options = JournalSteps.Small with
        {
            Directory = Path.Combine(folder.FullName, "from", DataFolders.Journal),
            CommandIdsKept = 50,
        };
        await using var journal = LocalJournal.Open(
            options,
            () => Instant.From(clock.GetUtcNow()),
            clock,
            NullLogger<LocalJournal>.Instance
        );
        await using var node = await Node.StartAsync(
            journal,
            new NodeClock(clock),
            new NodeSettings { SnapshotAtStopEntries = long.MaxValue },
            NullLogger.Instance,
            Cancel
        );
        var payloads = RandomEntries.Of(seed: snapshots).Take(Entries).Select(e => e.Payload);
        foreach (var (number, payload) in payloads.Index())
        {
            await node.AppendAsync(payload);
            clock.Advance(TimeSpan.FromMilliseconds(number % 3));
            if ((number + 1) % 300 == 0 && (number + 1) / 300 <= snapshots)
            {
                await node.SnapshotAsync(Cancel);
            }
        }
    }

    private static async Task<List<byte[]>> PicturesOfAsync(JournalPlace place)
    {
        var pictures = new List<byte[]>();
        await foreach (var picture in place.PicturesAsync(Cancel))
        {
            pictures.Add(picture);
        }
        return pictures;
    }

    /// <summary>All that a journal holds, in words.</summary>
    private async Task<List<string>> ReadAsync(JournalPlace place)
    {
        await using var opened = await place.OpenAsync(clock, Cancel);
        var read = new List<string>();
        await using (var snapshot = await opened.Journal.OpenSnapshotAsync(Cancel))
        {
            if (snapshot is not null)
            {
                using var content = new MemoryStream();
                await snapshot.Content.CopyToAsync(content, Cancel);
                var bytes = Convert.ToHexString(content.ToArray());
                read.Add($"{snapshot.Position} {snapshot.At.Ticks} {bytes}");
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
        return read;
    }
}
