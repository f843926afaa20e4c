using Npgsql;
using NpgsqlTypes;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Cluster;

/// <summary>
/// The one connection that a node holds its duties by: each is an advisory lock of this session, so the database takes
/// them all back when the session ends, however it ends. Never of a pool, where a connection that was given back goes on
/// holding its locks.
/// </summary>
internal sealed class DutySession : IAsyncDisposable
{
    /// <summary>
    /// Without an answer for so long the session counts as lost. Shorter than what the database takes to notice that a node is
    /// gone (5 s), so that a node that is cut off stops before another one begins.
    /// </summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(3);

    /// <summary>
    /// The database ends the session of a node that asked nothing for so long: one that hangs, whose machine goes on to
    /// confirm what it is sent, so that the connection looks well. Else nobody would have its duties as long as it hangs.
    /// </summary>
    public static readonly TimeSpan IdleMax = TimeSpan.FromSeconds(5);

    /// <summary>A node that was not seen for so long is not counted when work is shared.</summary>
    public static readonly TimeSpan LiveFor = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A node that was not seen for so long is forgotten. Until then newer rules wait for it, for it may only be slow.
    /// </summary>
    public static readonly TimeSpan ForgottenAfter = TimeSpan.FromSeconds(60);

    private const string Beat = """
        insert into openpresence.nodes
            (id, name, rules, signing_key, position, signing_keys, backend, backend_start, seen_at)
        values ($1, $2, $3, $4, $5, $6, pg_backend_pid(),
            (select a.backend_start from pg_stat_get_activity(pg_backend_pid()) a), clock_timestamp())
        on conflict (id) do update set position = excluded.position, rules = excluded.rules,
            signing_key = excluded.signing_key, signing_keys = excluded.signing_keys,
            backend = excluded.backend, backend_start = excluded.backend_start,
            seen_at = excluded.seen_at
        """;

    private const string Forget = "delete from openpresence.nodes where seen_at < clock_timestamp() - $1";

    // Of a session of another role its start cannot be seen.
    private const string Look = """
        select n.id, n.name, n.rules, n.signing_key, n.position,
            n.seen_at > clock_timestamp() - $1 and exists (
                select 1 from pg_stat_get_activity(n.backend) a
                where coalesce(a.backend_start = n.backend_start, true)),
            coalesce(n.signing_keys, '{}')
        from openpresence.nodes n
        """;

    private readonly NpgsqlConnection connection;

    private DutySession(NpgsqlConnection connection) => this.connection = connection;

    /// <summary>Connects.</summary>
    public static async Task<DutySession> OpenAsync(Database database, CancellationToken cancel)
    {
        var session = new DutySession(await database.OpenAloneAsync(cancel));
        try
        {
            // Nobody waits for a replica to learn that a node lives.
            await session.RunAsync(new NpgsqlCommand("set synchronous_commit = off"));
            await session.RunAsync(new NpgsqlCommand($"set idle_session_timeout = {(int)IdleMax.TotalMilliseconds}"));
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tells of this node and asks for all, in one round trip.</summary>
    public async Task<List<KnownNode>> BeatAsync(NodeCard card)
    {
        await using var batch = new NpgsqlBatch(connection) { Timeout = Seconds };
        batch.BatchCommands.Add(
            new(Beat)
            {
                Parameters =
                {
                    new() { Value = card.Id },
                    new() { Value = card.Name },
                    new() { Value = card.RulesKnown },
                    new() { Value = (object?)card.SigningKey ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                    new() { Value = card.Position },
                    new() { Value = card.Keys.ToArray() },
                },
            }
        );
        batch.BatchCommands.Add(new(Forget) { Parameters = { new() { Value = ForgottenAfter } } });
        batch.BatchCommands.Add(new(Look) { Parameters = { new() { Value = LiveFor } } });
        await using var reader = await batch.ExecuteReaderAsync(CancellationToken.None);
        List<KnownNode> nodes = [];
        while (await reader.ReadAsync(CancellationToken.None))
        {
            nodes.Add(
                new(
                    new NodeCard(
                        reader.GetGuid(0),
                        reader.GetString(1),
                        reader.GetInt32(2),
                        await reader.IsDBNullAsync(3) ? null : reader.GetString(3),
                        reader.GetInt64(4)
                    )
                    {
                        Keys = reader.GetFieldValue<string[]>(6),
                    },
                    reader.GetBoolean(5)
                )
            );
        }
        return nodes;
    }

    /// <summary>Takes some duties that no node holds; none of them may be this session's already.</summary>
    /// <returns>Those that are this session's now.</returns>
    public async Task<int[]> TakeAsync(int[] wanted, int most)
    {
        await using var command = new NpgsqlCommand("select openpresence.take_duties($1, $2, $3)", connection)
        {
            CommandTimeout = Seconds,
            Parameters =
            {
                new() { Value = AdvisoryLocks.Space },
                new() { Value = wanted },
                new() { Value = most },
            },
        };
        return (int[])(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    /// <summary>Gives duties of this session up.</summary>
    public Task GiveUpAsync(int[] duties) =>
        RunAsync(
            new NpgsqlCommand("select pg_advisory_unlock($1, duty) from unnest($2) duty")
            {
                Parameters =
                {
                    new() { Value = AdvisoryLocks.Space },
                    new() { Value = duties },
                },
            }
        );

    /// <summary>Takes a node out that stops, so that no node counts it any more.</summary>
    public Task LeaveAsync(Guid id) =>
        RunAsync(
            new NpgsqlCommand("delete from openpresence.nodes where id = $1") { Parameters = { new() { Value = id } } }
        );

    /// <inheritdoc />
    public ValueTask DisposeAsync() => connection.DisposeAsync();

    private static int Seconds => (int)AnswerMax.TotalSeconds;

    private async Task RunAsync(NpgsqlCommand command)
    {
        await using (command)
        {
            command.Connection = connection;
            command.CommandTimeout = Seconds;
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }
}
