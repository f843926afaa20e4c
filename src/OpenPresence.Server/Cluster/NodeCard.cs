namespace OpenPresence.Server.Cluster;

/// <summary>What a node tells the others of itself, every second.</summary>
/// <param name="Id">Made at each start.</param>
/// <param name="Name">For people.</param>
/// <param name="RulesKnown">The newest version of the rules that its program knows.</param>
/// <param name="SigningKey">The id of the key that it signs with; null: none yet.</param>
/// <param name="Position">The last entry that it applied.</param>
public sealed record NodeCard(Guid Id, string Name, int RulesKnown, string? SigningKey, long Position)
{
    /// <summary>The names of all signing keys that it has; empty: it did not say.</summary>
    public IReadOnlyList<string> Keys { get; init; } = [];
}

/// <summary>What is known of a node.</summary>
/// <param name="Card">What it told last.</param>
/// <param name="IsLive">Whether it was seen lately, and its session is still there.</param>
public readonly record struct KnownNode(NodeCard Card, bool IsLive);
