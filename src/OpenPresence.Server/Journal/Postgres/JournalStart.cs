using Npgsql;
using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>What a node has to know of the journal before it can append.</summary>
/// <param name="Tip">The end.</param>
/// <param name="Mark">The batch that ends there; null: there is none.</param>
/// <param name="Ids">The latest command ids.</param>
internal sealed record JournalStart(JournalTip Tip, BatchMark? Mark, CommandIdWindow Ids)
{
    /// <exception cref="JournalRefusedException">The clock is behind, or the newest entries are damaged.</exception>
    public static async Task<JournalStart> FindAsync(
        Database database,
        PostgresJournalOptions options,
        JournalClock clock,
        CancellationToken cancel
    )
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancel);
        var tip = await FindTipAsync(connection, cancel);
        var now = clock.FrozenAt ?? tip.Now + clock.Offset;
        if (tip.At > now && tip.At - now > options.ClockLeadMax)
        {
            throw PostgresRefusals.ClockBehind(tip.At, now, options.ClockLeadMax);
        }

        var ids = new CommandIdWindow(options.CommandIdsKept);
        var mark = await RecallAsync(connection, tip.Last, ids, options, cancel);
        return new JournalStart(tip, mark, ids);
    }

    private static async Task<JournalTip> FindTipAsync(NpgsqlConnection connection, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(BatchRows.Tip, connection);
        await using var row = await command.ExecuteReaderAsync(cancel);
        _ = await row.ReadAsync(cancel);
        return BatchRows.ReadTip(row);
    }

    private static async Task<BatchMark?> RecallAsync(
        NpgsqlConnection connection,
        long last,
        CommandIdWindow ids,
        PostgresJournalOptions options,
        CancellationToken cancel
    )
    {
        BatchMark? mark = null;
        await using var command = new NpgsqlCommand(BatchRows.After, connection)
        {
            Parameters =
            {
                BatchRows.Long(last - options.CommandIdsKept),
                BatchRows.Long(last),
                BatchRows.Long(long.MaxValue),
            },
        };
        await using var rows = await command.ExecuteReaderAsync(cancel);
        while (await rows.ReadAsync(cancel) && BatchRows.Read(rows) is var batch)
        {
            foreach (var entry in BatchCodec.Read(batch))
            {
                ids.Recall(entry.CommandId, entry.Position);
            }

            mark = batch.Mark;
        }

        ids.EndRecall();
        return mark?.Last == last ? mark : null;
    }
}
