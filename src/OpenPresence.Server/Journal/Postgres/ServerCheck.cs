using Npgsql;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>Looks at the server before anything is trusted to it.</summary>
internal static class ServerCheck
{
    /// <summary>The first with all the settings that a session asks for.</summary>
    public const int VersionMin = 15;

    /// <exception cref="JournalRefusedException">It is too old.</exception>
    public static async Task RunAsync(
        NpgsqlConnection connection,
        string where,
        ILogger logger,
        CancellationToken cancel
    )
    {
        if (connection.PostgreSqlVersion.Major < VersionMin)
        {
            throw PostgresRefusals.ServerTooOld(where, connection.PostgreSqlVersion, VersionMin);
        }

        foreach (var setting in new[] { "fsync", "full_page_writes" })
        {
            await using var show = new NpgsqlCommand($"show {setting}", connection);
            if (await show.ExecuteScalarAsync(cancel) is "off")
            {
                logger.LogWarning(
                    "The {Where} runs with {Setting} off: a power cut can lose what was acknowledged.",
                    where,
                    setting
                );
            }
        }
    }
}
