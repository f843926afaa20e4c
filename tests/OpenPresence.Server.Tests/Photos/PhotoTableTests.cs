using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Photos;
using OpenPresence.Server.Tests.Issuer;
using OpenPresence.Server.Tests.Journal;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Photos;

/// <summary>The pictures that nodes share, in a real database: stored once, read by all, swept by one.</summary>
public sealed class PhotoTableTests(SharedPostgres shared) : IAsyncDisposable
{
    private readonly TemporaryDirectory folder = new();
    private string connection = null!;
    private Database database = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_sweep_removes_what_nobody_has_and_nobody_stored_lately()
    {
        var table = await OpenAsync();
        var (used, unused, recent) = (Picture('a', 0), Picture('a', 1), Picture('a', 2));
        var ofAnotherPart = Picture('b', 0);
        foreach (var old in new[] { used, unused, ofAnotherPart })
        {
            await table.StoreAsync(PhotoFiles.NameOf(old), old);
        }
        await AgeAllAsync();
        await table.StoreAsync(PhotoFiles.NameOf(recent), recent);

        Assert.Equal(1, await table.SweepAsync("a", () => Names(used)));

        Assert.Null(await ReadAsync(table, unused));
        foreach (var kept in new[] { used, recent, ofAnotherPart })
        {
            Assert.Equal(kept, await ReadAsync(table, kept));
        }
    }

    [Fact]
    public async Task What_is_stored_again_stays_for_another_day()
    {
        var table = await OpenAsync();
        var picture = Picture('a', 0);
        await table.StoreAsync(PhotoFiles.NameOf(picture), picture);
        await AgeAllAsync();
        await table.StoreAsync(PhotoFiles.NameOf(picture), picture);

        Assert.Equal(0, await table.SweepAsync("a", () => Names()));

        Assert.Equal(picture, await ReadAsync(table, picture));
    }

    [Fact]
    public async Task What_somebody_stores_while_the_sweep_looks_around_stays()
    {
        var table = await OpenAsync();
        var picture = Picture('a', 0);
        await table.StoreAsync(PhotoFiles.NameOf(picture), picture);
        await AgeAllAsync();

        var removed = await table.SweepAsync(
            "a",
            () =>
            {
                table.StoreAsync(PhotoFiles.NameOf(picture), picture).GetAwaiter().GetResult();
                return Names();
            }
        );

        Assert.Equal(0, removed);
        Assert.Equal(picture, await ReadAsync(table, picture));
    }

    [Fact]
    public async Task More_than_one_statement_removes_go_all_the_same()
    {
        var table = await OpenAsync();
        const int Many = 250;
        _ = await connection.SqlAsync(
            "insert into openpresence.photos (sha256, content, stored_at) select "
                + "'a' || lpad(n::text, 63, '0'), '\\x00', clock_timestamp() - interval '2 days' "
                + $"from generate_series(1, {Many}) n"
        );

        Assert.Equal(Many, await table.SweepAsync("a", () => Names()));
    }

    [Fact]
    public async Task Only_the_node_that_sweeps_for_all_removes_what_all_share()
    {
        var table = await OpenAsync();
        var picture = Picture('0', 0); // of the part that comes first
        await table.StoreAsync(PhotoFiles.NameOf(picture), picture);
        await AgeAllAsync();

        await RoundAsync(table, sweepsForAll: false);
        Assert.Equal(picture, await ReadAsync(table, picture));
        await RoundAsync(table, sweepsForAll: true);
        Assert.Null(await ReadAsync(table, picture));
    }

    [Fact]
    public async Task A_node_reads_what_another_one_stored_and_keeps_it_as_a_file()
    {
        var table = await OpenAsync();
        var picture = Picture('a', 0);
        var name = PhotoFiles.NameOf(picture);
        await new PhotoFiles(folder.File("one"), table).StoreAsync(name, picture);
        System.IO.Directory.Delete(folder.File("one"), recursive: true); // with its node

        var other = new PhotoFiles(folder.File("other"), table);
        Assert.Equal(picture, await other.ReadAsync(name, Cancel));

        _ = await connection.SqlAsync("delete from openpresence.photos");
        Assert.Equal(picture, await other.ReadAsync(name, Cancel));
    }

    public async ValueTask DisposeAsync()
    {
        folder.Dispose();
        if (database is not null)
        {
            await database.DisposeAsync();
        }
    }

    private async Task<PhotoTable> OpenAsync()
    {
        connection = await shared.CreateDatabaseAsync();
        database = await Database.OpenAsync(connection, null, NullLogger.Instance, Cancel);
        return new PhotoTable(database);
    }

    /// <summary>As if all that is there had been stored long ago.</summary>
    private Task<object?> AgeAllAsync() =>
        connection.SqlAsync("update openpresence.photos set stored_at = stored_at - interval '25 hours'");

    /// <summary>One round of a node whose people have no picture at all.</summary>
    private async Task RoundAsync(PhotoTable table, bool sweepsForAll)
    {
        var (path, clock) = (folder.File("files"), new ManualClock());
        var own = Picture('0', 1);
        new PhotoFiles(path).Store(PhotoFiles.NameOf(own), own); // so that the round begins with a question
        var asked = new TaskCompletionSource();
        await using (
            new PhotoSweeps(
                new PhotoFiles(path, table),
                _ =>
                {
                    asked.TrySetResult();
                    return Names();
                },
                () => sweepsForAll,
                clock,
                NullLogger.Instance
            )
        )
        {
            clock.Advance(PhotoSweeps.Every);
            await asked.Task.WaitAsync(JournalSteps.WaitMax, Cancel);
        }
    }

    private static Task<byte[]?> ReadAsync(PhotoTable table, byte[] picture) =>
        table.ReadAsync(PhotoFiles.NameOf(picture), Cancel);

    private static HashSet<string> Names(params byte[][] pictures) =>
        [.. pictures.Select(picture => PhotoFiles.NameOf(picture))];

    /// <summary>Bytes whose digest begins with that digit; the first such, the second …</summary>
    private static byte[] Picture(char digit, int number) =>
        Enumerable
            .Range(0, 1000)
            .Select(BitConverter.GetBytes)
            .Where(bytes => PhotoFiles.NameOf(bytes)[0] == digit)
            .ElementAt(number);
}
