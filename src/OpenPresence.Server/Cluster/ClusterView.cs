namespace OpenPresence.Server.Cluster;

/// <summary>Who is there, as one node saw it at one moment.</summary>
public sealed class ClusterView
{
    /// <summary>Nobody is known, as while the database cannot be asked.</summary>
    public static readonly ClusterView None = new(Guid.Empty, []);

    /// <param name="self">The node that looked.</param>
    /// <param name="known">Every node that is not forgotten, itself among them.</param>
    public ClusterView(Guid self, IReadOnlyList<KnownNode> known)
    {
        Self = self;
        Live = [.. known.Where(node => node.IsLive || node.Card.Id == self).Select(n => n.Card)];
        RulesKnown = known.Count == 0 ? 0 : known.Min(node => node.Card.RulesKnown);
    }

    /// <summary>The node that looked.</summary>
    public Guid Self { get; }

    /// <summary>Those that live, itself among them.</summary>
    public IReadOnlyList<NodeCard> Live { get; }

    /// <summary>The newest rules that all know, also those that may only be slow; 0: nobody is known.</summary>
    public int RulesKnown { get; }
}
