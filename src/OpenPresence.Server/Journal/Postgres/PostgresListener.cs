using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// Hears that others appended, and wakes the writer. A notification says only how far the journal reaches, so one that is
/// lost costs nothing but time: when none comes for a while, the end is asked for.
/// </summary>
/// <remarks>
/// To be woken for every commit costs database and node more than the commit does, and a node that appends without pause
/// learns of the others' entries from the answers. So it does not listen while it does.
/// </remarks>
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
    private const string Channel = "openpresence";

    /// <summary>How long this node must have appended without pause until it listens no more.</summary>
    private static readonly TimeSpan s_busyFor = TimeSpan.FromMilliseconds(100);

    /// <summary>What counts as a pause between two appends: what others append then is heard of so much later, once.</summary>
    private static readonly TimeSpan s_pauseMax = TimeSpan.FromMilliseconds(10);

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
                await Task.Delay(options.RetryMax, time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task ListenAsync(CancellationToken stop)
    {
        await using var connection = await database.Source.OpenConnectionAsync(stop);
        connection.Notification += (_, notified) => Hear(notified.Payload);
        await using var ask = new NpgsqlCommand(Ask, connection);
        while (true)
        {
            await Database.SendAsync(connection, "listen " + Channel, stop);
            await HearAsync(connection, ask, stop);
            await Database.SendAsync(connection, "unlisten " + Channel, stop);
            await PassAsync(ask, stop);
        }
    }

    /// <summary>Hears of each append, until this node itself appends without pause.</summary>
    private async Task HearAsync(NpgsqlConnection connection, NpgsqlCommand ask, CancellationToken stop)
    {
        await LookAsync(ask, stop);
        var (appends, since, looked) = (progress.Appends, time.GetTimestamp(), time.GetTimestamp());
        while (true)
        {
            var isTold = await connection.WaitAsync(options.PollEvery, stop);
            if (!isTold || time.GetElapsedTime(looked) >= options.PollEvery)
            {
                await LookAsync(ask, stop);
                looked = time.GetTimestamp();
            }

            if (time.GetElapsedTime(since) is var elapsed && elapsed >= s_busyFor)
            {
                if (progress.Appends - appends >= elapsed / s_pauseMax)
                {
                    return;
                }

                (appends, since) = (progress.Appends, time.GetTimestamp());
            }
        }
    }

    /// <summary>Waits until this node no longer appends without pause.</summary>
    private async Task PassAsync(NpgsqlCommand ask, CancellationToken stop)
    {
        var (appends, since) = (-1L, time.GetTimestamp());
        while (progress.Appends is var now && now != appends)
        {
            appends = now;
            if (time.GetElapsedTime(since) >= options.PollEvery)
            {
                await LookAsync(ask, stop);
                since = time.GetTimestamp();
            }

            await Task.Delay(s_pauseMax, time, stop);
        }
    }

    private async Task LookAsync(NpgsqlCommand ask, CancellationToken stop)
    {
        var tip = await AskAsync(ask, stop);
        progress.Ahead = tip.Now - Engine.Instant.From(time.GetUtcNow());
        Hear(tip.Last);
        // Nobody else would notice that an idle writer's own connection is dead.
        progress.Doubt();
        wake();
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
