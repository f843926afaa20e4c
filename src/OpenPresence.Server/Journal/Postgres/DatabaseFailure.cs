using System.Net.Sockets;
using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>What counts as the database's doing, rather than a bug.</summary>
internal static class DatabaseFailure
{
    public static bool Is(Exception e) => e is NpgsqlException or IOException or SocketException or TimeoutException;

    /// <summary>
    /// The server itself said that the statement failed, so it was rolled back. Everything else may have happened on
    /// the way back: what became of the statement is not known.
    /// </summary>
    public static bool IsAnswer(Exception e) => e is PostgresException { InvariantSeverity: "ERROR" };

    /// <summary>The server read what is stored, and found that it is not what was written, or that it cannot be read.</summary>
    public static bool IsDamage(Exception e) =>
        e
            is PostgresException
            {
                SqlState: PostgresErrorCodes.DataCorrupted
                    or PostgresErrorCodes.IndexCorrupted
                    or PostgresErrorCodes.IoError
                    or PostgresErrorCodes.UndefinedFile
            };

    public static JournalUnavailableException Unavailable(string where, Exception e) =>
        new($"The {where} cannot be used: {e.Message}", e);
}
