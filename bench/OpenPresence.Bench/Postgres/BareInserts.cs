using Npgsql;
using NpgsqlTypes;
using OpenPresence.Bench.Journal;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// The least that a program must do for one total order in PostgreSQL: what waits goes into one row at the end, under a lock, in
/// one round trip and one commit. It remembers no ids, stamps no time, notifies nobody, checks nothing and reads nothing back.
/// </summary>
internal sealed class BareInserts : PlainAppends
{
    // A function, because the lock is then taken when all bytes have come: as two statements it would be held while they come.
    private const string Schema = """
        create table bare (last bigint primary key, entries bytea not null);
        alter table bare alter column entries set storage external;
        create function bare_append(count integer, entries bytea) returns void language plpgsql as $$
        begin
            perform pg_advisory_xact_lock(1);
            insert into bare
            select coalesce((select last from bare order by last desc limit 1), 0) + count, entries;
        end
        $$;
        """;

    private readonly NpgsqlDataSource _source;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlCommand _append;
    private readonly NpgsqlParameter<int> _count = new();
    private readonly NpgsqlParameter<ReadOnlyMemory<byte>> _entries = new() { NpgsqlDbType = NpgsqlDbType.Bytea };

    private BareInserts(NpgsqlDataSource source, NpgsqlConnection connection)
    {
        (_source, _connection) = (source, connection);
        _append = new NpgsqlCommand("select bare_append($1, $2)", connection) { Parameters = { _count, _entries } };
        _append.Prepare();
        Start();
    }

    /// <summary>Makes the table, once for all programs.</summary>
    public static async Task CreateAsync(string connection, CancellationToken cancel)
    {
        await using var source = NpgsqlDataSource.Create(connection);
        await using var create = source.CreateCommand(Schema);
        await create.ExecuteNonQueryAsync(cancel);
    }

    public static async Task<BareInserts> OpenAsync(string connection, CancellationToken cancel)
    {
        var source = NpgsqlDataSource.Create(connection);
        return new BareInserts(source, await source.OpenConnectionAsync(cancel));
    }

    protected override void Store(ReadOnlyMemory<byte> records, int count)
    {
        (_count.TypedValue, _entries.TypedValue) = (count, records);
        _append.ExecuteNonQuery();
    }

    protected override void Close()
    {
        _append.Dispose();
        _connection.Dispose();
        _source.Dispose();
    }
}
