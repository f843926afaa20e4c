using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Hears that others appended, and wakes the writer. A notification says only how far the journal reaches, so one that is
/// lost costs nothing but time: when none comes for a while, the end is asked for.
/// </summary>
internal sealed class PostgresListener(
    Database database,
    PostgresJournalOptions options,
    JournalProgress progress,
    TimeProvider time,
    Action wake,
    ILogger logger
)
{
    /// <summary>The channel that <c>openpresence.append</c> notifies.</summary>
    private const string Listen = "listen openpresence";

    // Under a name of its own, by which pg_stat_activity tells this connection from the writer's.
    private const string Ask = BatchRows.Tip + " as heard";

    /// <summary>Ends when it is cancelled.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e) when (DatabaseFailure.Is(e))
            {
                logger.LogDebug(e, "The {Where} cannot be listened to.", database.Where);
                progress.Doubt();
                wake();
                await Task.Delay(options.RetryMax, time, stop)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        connection.Notification += (_, notified) => Hear(notified.Payload);
        await using (var listen = new NpgsqlCommand(Listen, connection))
        {
            _ = await listen.ExecuteNonQueryAsync(stop);
        }

        await using var ask = new NpgsqlCommand(Ask, connection);
        while (true)
        {
            var tip = await AskAsync(ask, stop);
            progress.Ahead = tip.Now - Engine.Instant.From(time.GetUtcNow());
            Hear(tip.Last);
            // Nobody else would notice that an idle writer's own connection is dead.
            progress.Doubt();
            wake();
            while (await connection.WaitAsync(options.PollEvery, stop)) { }
        }
    }

    private static async Task<JournalTip> AskAsync(NpgsqlCommand ask, CancellationToken stop)
    {
        await using var row = await ask.ExecuteReaderAsync(stop);
        _ = await row.ReadAsync(stop);
        return BatchRows.ReadTip(row);
    }

    /// <summary>"last node": the node's own it knows from the answer to its append.</summary>
    private void Hear(ReadOnlySpan<char> payload)
    {
        var space = payload.IndexOf(' ');
        if (
            space > 0
            && long.TryParse(payload[..space], out var last)
            && !(Guid.TryParse(payload[(space + 1)..], out var node) && node == options.Node)
        )
        {
            Hear(last);
        }
    }

    private void Hear(long last)
    {
        if (progress.Hear(last))
        {
            wake();
        }
    }
}
