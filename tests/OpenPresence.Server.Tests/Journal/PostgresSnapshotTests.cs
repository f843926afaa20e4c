using System.Text;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>Snapshots that nodes share, and what goes behind them.</summary>
public sealed class PostgresSnapshotTests(SharedPostgres shared)
{
    [Fact]
    public async Task A_snapshot_of_one_node_is_read_by_another()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        var position = await a.Journal.AppendAsync("x");
        var state = string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i};"));

        await a.Journal.SnapshotAsync(position, state);

        Assert.Equal((position, state), await b.Journal.ReadSnapshotAsync());
    }

    [Fact]
    public async Task While_one_node_writes_a_snapshot_those_of_others_are_left_out()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var a = await SharedNode.OpenAsync(connection);
        await using var b = await SharedNode.OpenAsync(connection);
        var position = await a.Journal.AppendAsync("x");
        b.Journal.Reads(position);

        await a.Journal.WriteSnapshotAsync(
            position,
            new Instant(position),
            async (stream, cancel) =>
            {
                await b.Journal.SnapshotAsync(position, "of b");
                Assert.Null(await b.Journal.ReadSnapshotAsync());
                await stream.WriteAsync("of a"u8.ToArray(), cancel);
            },
            CancellationToken.None
        );

        Assert.Equal((position, "of a"), await b.Journal.ReadSnapshotAsync());
        await b.Journal.SnapshotAsync(await b.Journal.AppendAsync("y"), "of b");
        Assert.Equal((position + 1, "of b"), await a.Journal.ReadSnapshotAsync());
    }

    [Fact]
    public async Task What_an_unfinished_snapshot_left_is_never_read_and_goes_with_the_next()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        var position = await node.Journal.AppendAsync("x");
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            node
                .Journal.WriteSnapshotAsync(
                    position,
                    default,
                    async (stream, cancel) =>
                    {
                        await stream.WriteAsync(new byte[1 << 20], cancel);
                        throw new InvalidOperationException();
                    },
                    CancellationToken.None
                )
                .AsTask()
        );
        Assert.Null(await node.Journal.ReadSnapshotAsync());

        await node.Journal.SnapshotAsync(position, "whole");

        Assert.Equal((position, "whole"), await node.Journal.ReadSnapshotAsync());
        Assert.Equal(
            1L,
            await connection.SqlAsync("select count(*) from openpresence.snapshot_chunks")
        );
    }

    [Fact]
    public async Task Two_snapshots_are_kept_and_the_entries_that_the_older_one_needs()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(
            connection,
            SharedNode.Quick with
            {
                CommandIdsKept = 2,
            }
        );
        for (var i = 1; i <= 12; i++)
        {
            var position = await node.Journal.AppendAsync($"{i}");
            if (i % 4 == 0)
            {
                await node.Journal.SnapshotAsync(position, $"state {i}");
            }
        }

        Assert.Equal("8,12", await ListAsync("position", "snapshots"));
        Assert.Equal("7,8,9,10,11,12", await ListAsync("last", "batches"));
        Assert.Equal(["9", "10", "11", "12"], await node.Journal.ReadTextsAsync(8));
        var missing = await Assert.ThrowsAsync<JournalRefusedException>(() =>
            node.Journal.ReadAllAsync(2)
        );
        Assert.Equal(JournalRefusal.EntriesMissing, missing.Refusal);

        async Task<object?> ListAsync(string column, string table) =>
            await connection.SqlAsync(
                $"select string_agg({column}::text, ',' order by {column}) from openpresence.{table}"
            );
    }

    [Fact]
    public async Task A_damaged_piece_of_a_snapshot_is_refused_before_a_byte_of_it_is_read()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        await node.Journal.SnapshotAsync(await node.Journal.AppendAsync("x"), "state");
        _ = await connection.SqlAsync(
            "update openpresence.snapshot_chunks set content = set_byte(content, 2, 0)"
        );

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() =>
            node.Journal.ReadSnapshotAsync()
        );

        Assert.Equal(JournalRefusal.Damaged, refused.Refusal);
    }

    [Fact]
    public async Task A_snapshot_that_lacks_its_last_piece_is_refused()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        await node.Journal.SnapshotAsync(
            await node.Journal.AppendAsync("x"),
            new StringBuilder().Append('.', 300_000).ToString()
        );
        _ = await connection.SqlAsync("delete from openpresence.snapshot_chunks where number = 1");

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() =>
            node.Journal.ReadSnapshotAsync()
        );

        Assert.Equal(JournalRefusal.Damaged, refused.Refusal);
    }
}
