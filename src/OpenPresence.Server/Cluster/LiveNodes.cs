using System.Globalization;
using OpenPresence.Server.Journal.Postgres;

namespace OpenPresence.Server.Cluster;

/// <summary>Which nodes serve from a database, for commands that are no node themselves.</summary>
internal static class LiveNodes
{
    /// <summary>A node tells that it is there every second; after so long it is not.</summary>
    public static readonly TimeSpan SeenWithin = TimeSpan.FromSeconds(5);

    /// <summary>Their ids and names, by name.</summary>
    public static async Task<IReadOnlyList<(Guid Id, string Name)>> FindAsync(
        Database database,
        CancellationToken cancel
    )
    {
        var seconds = SeenWithin.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        await using var select = database.Source.CreateCommand(
            "select id, name from openpresence.nodes "
                + $"where seen_at > clock_timestamp() - interval '{seconds} s' order by name, id"
        );
        await using var rows = await select.ExecuteReaderAsync(cancel);
        var found = new List<(Guid, string)>();
        while (await rows.ReadAsync(cancel))
        {
            found.Add((rows.GetGuid(0), rows.GetString(1)));
        }
        return found;
    }
}
