using System.Collections.Frozen;

namespace OpenPresence.Server.Identity;

/// <summary>
/// The names of all permissions that Microsoft Graph publishes. Applications ask for many of them beside those of
/// presence; here a name beyond <see cref="PermissionTable"/> can be asked for and granted, and opens nothing.
/// </summary>
/// <remarks>The facts are data: <c>graph-permissions.txt</c>, which names its source.</remarks>
public static class GraphPermissionNames
{
    private const string ResourceName = "OpenPresence.Server.Identity.graph-permissions.txt";

    /// <summary>Delegated permissions, in any letter case, with their spelling in tokens.</summary>
    public static FrozenDictionary<string, string> Delegated { get; } = Read('d');

    /// <summary>Application permissions, in any letter case, with their spelling in tokens.</summary>
    public static FrozenDictionary<string, string> Application { get; } = Read('a');

    private static FrozenDictionary<string, string> Read(char kind)
    {
        using var stream =
            typeof(GraphPermissionNames).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"{ResourceName} is not embedded.");
        using var reader = new StreamReader(stream);
        return reader
            .ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split(' '))
            .Where(words => words[0].Contains(kind, StringComparison.Ordinal))
            .Select(words => words[1])
            // One name is published in two letter cases.
            .DistinctBy(name => name, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(name => name, StringComparer.OrdinalIgnoreCase);
    }
}
