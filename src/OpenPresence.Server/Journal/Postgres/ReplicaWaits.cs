using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// A commit that waits for its replicas and is cancelled by somebody (<c>pg_cancel_backend</c>) is not undone: PostgreSQL
/// ends the wait, says so in a warning, and answers as if all were well. All nodes see the entries then, but a failover
/// may lose them.
///
/// So such an answer counts as lost: the batch is sent again with its id, and the repeat, which is found and writes a row
/// of its own, waits for the replicas in its turn; by then they have what came before it. The tempting shortcut, to pass the
/// answer on because the entry can be read, acknowledges what one disk alone has.
/// </summary>
internal static class ReplicaWaits
{
    // Words are translated, and the SQLSTATE is that of any warning. Where in the server it comes from, is told in each.
    private const string Source = "syncrep.c";

    /// <summary>Whether it says that a wait was given up.</summary>
    public static bool AreCutShort(PostgresNotice notice) =>
        notice.File?.EndsWith(Source, StringComparison.Ordinal) == true;

    /// <summary>What an append has failed with then.</summary>
    public static NpgsqlException CutShort() =>
        new("the wait for its replicas was cancelled, so they may lack what was written");
}
