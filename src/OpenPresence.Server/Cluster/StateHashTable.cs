using NpgsqlTypes;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Cluster;

/// <summary>Where nodes write the hashes of their states, and whoever compares them reads.</summary>
internal sealed class StateHashTable(Database database)
{
    /// <summary>Older positions than so many go with the next question.</summary>
    private const int PositionsKept = 16;

    /// <summary>Writes a node's hash.</summary>
    public async Task TellAsync(Guid node, StateHash hash, CancellationToken cancel)
    {
        await using var insert = database.Source.CreateCommand(
            "insert into openpresence.state_hashes (position, node, sha256) values ($1, $2, $3) "
                + "on conflict do nothing"
        );
        insert.Parameters.Add(BatchRows.Long(hash.Position));
        insert.Parameters.Add(new() { Value = node, NpgsqlDbType = NpgsqlDbType.Uuid });
        insert.Parameters.Add(
            new() { Value = (object?)hash.Sha256 ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea }
        );
        await insert.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>What has been told of a position so far.</summary>
    public async Task<Dictionary<Guid, StateHash>> ReadAsync(long position, CancellationToken cancel)
    {
        await using var select = database.Source.CreateCommand(
            "select node, sha256 from openpresence.state_hashes where position = $1"
        );
        select.Parameters.Add(BatchRows.Long(position));
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var found = new Dictionary<Guid, StateHash>();
        while (await rows.ReadAsync(cancel))
        {
            var sha256 = rows.IsDBNull(1) ? null : rows.GetFieldValue<byte[]>(1);
            found[rows.GetGuid(0)] = new StateHash(position, sha256);
        }
        return found;
    }

    /// <summary>Forgets what was told of older questions.</summary>
    public async Task TrimAsync(CancellationToken cancel)
    {
        await using var delete = database.Source.CreateCommand(
            "delete from openpresence.state_hashes where position < (select min(position) from "
                + "(select distinct position from openpresence.state_hashes order by position desc "
                + $"limit {PositionsKept}) kept)"
        );
        await delete.ExecuteNonQueryAsync(cancel);
    }
}
