using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
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
        await b.Journal.ReadsAsync(position);

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
        Assert.Equal(1L, await connection.SqlAsync("select count(*) from openpresence.snapshot_chunks"));
    }

    [Fact]
    public async Task Two_snapshots_are_kept_and_the_entries_that_the_older_one_needs()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection, SharedNode.Quick with { CommandIdsKept = 2 });
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
        var missing = await Assert.ThrowsAsync<JournalRefusedException>(() => node.Journal.ReadAllAsync(2));
        Assert.Equal(JournalRefusal.EntriesMissing, missing.Refusal);

        async Task<object?> ListAsync(string column, string table) =>
            await connection.SqlAsync(
                $"select string_agg({column}::text, ',' order by {column}) from openpresence.{table}"
            );
    }

    [Fact]
    public async Task A_damaged_snapshot_is_passed_over_before_a_byte_of_it_is_read_and_the_log_names_it()
    {
        var lines = new LogLines();
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection, lines: lines);
        await LiveAsync(node, "a");
        var position = await LiveAsync(node, new string('.', 2 * ChunkBytes));
        await connection.DamageSnapshotAsync(position);

        Assert.Equal((1, "state of a"), await node.Journal.ReadSnapshotAsync());

        Assert.Contains(
            lines.All,
            line =>
                line.StartsWith("Warning", StringComparison.Ordinal)
                && line.Contains($"position {position} ", StringComparison.Ordinal)
                && line.Contains("chunk 2.", StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("delete from openpresence.snapshot_chunks where number = 1")]
    [InlineData("delete from openpresence.snapshot_chunks where number = 0")]
    [InlineData("delete from openpresence.snapshot_chunks where number = 2")]
    [InlineData("update openpresence.snapshot_chunks set number = number + 7 where number > 0")]
    [InlineData("update openpresence.snapshot_chunks set checksum = checksum # 1 where number = 1")]
    [InlineData("update openpresence.snapshots set bytes = bytes + 1 where position = 2")]
    public async Task A_snapshot_that_is_not_whole_is_passed_over(string damage)
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        await LiveAsync(node, "a");
        Assert.Equal(2, await LiveAsync(node, new string('.', 2 * ChunkBytes)));
        var only = damage.Contains("_chunks", StringComparison.Ordinal) ? " and position = 2" : "";

        _ = await connection.SqlAsync(damage + only);

        Assert.Equal((1, "state of a"), await node.Journal.ReadSnapshotAsync());
    }

    /// <summary>As it says of a page whose checksum is wrong, of a block that cannot be read, of a file that is gone.</summary>
    [Theory]
    [InlineData("XX001")]
    [InlineData("XX002")]
    [InlineData("58030")]
    [InlineData("58P01")]
    public async Task Damage_that_the_database_finds_by_itself_is_passed_over_too(string state)
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        await LiveAsync(node, "a");
        await LiveAsync(node, "b");
        _ = await connection.SqlAsync(
            "alter table openpresence.snapshot_chunks rename to kept_chunks;"
                + "create function openpresence.spoilt(place bigint, content bytea) returns bytea "
                + "language plpgsql volatile as $$ begin if place = 2 then raise exception "
                + $"'invalid page in block 7' using errcode = '{state}'; end if; return content; "
                + "end $$;"
                + "create view openpresence.snapshot_chunks as select position, number, checksum, "
                + "openpresence.spoilt(position, content) as content from openpresence.kept_chunks"
        );

        Assert.Equal((1, "state of a"), await node.Journal.ReadSnapshotAsync());
    }

    [Fact]
    public async Task Without_a_whole_snapshot_and_the_first_entries_there_is_no_way_on()
    {
        var connection = await shared.CreateDatabaseAsync();
        var options = SharedNode.Quick with { CommandIdsKept = 1 };
        await using var node = await SharedNode.OpenAsync(connection, options);
        foreach (var text in new[] { "a", "b", "c" })
        {
            await LiveAsync(node, text);
        }
        await connection.DamageSnapshotAsync(3);
        Assert.Equal((2, "state of b"), await node.Journal.ReadSnapshotAsync());
        await connection.DamageSnapshotAsync(2);

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => node.Journal.ReadSnapshotAsync());

        Assert.Equal((JournalRefusal.Damaged, 2L), (refused.Refusal, refused.Position));
        Assert.Contains("backup", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_one_before_is_of_no_use_when_entries_after_it_are_gone()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await SharedNode.OpenAsync(connection);
        await LiveAsync(node, "a");
        await LiveAsync(node, "b");
        await LiveAsync(node, "c");
        await connection.DamageSnapshotAsync(3);
        _ = await connection.SqlAsync("delete from openpresence.batches where last <= 3");

        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => node.Journal.ReadSnapshotAsync());

        Assert.Equal((JournalRefusal.Damaged, 3L), (refused.Refusal, refused.Position));
    }

    private const int ChunkBytes = PostgresJournalOptions.SnapshotChunkBytes;

    private static async Task<long> LiveAsync(SharedNode node, string text)
    {
        var position = await node.Journal.AppendAsync(text[..1]);
        await node.Journal.SnapshotAsync(position, $"state of {text}");
        return position;
    }
}
