using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Cluster;

/// <summary>
/// Sees to it that nodes sign with keys that all of them have. If they did not, whatever one of them signed would be good on
/// some nodes and not on others: clients would be refused at random behind a balancer, and the operator would not know
/// why.
///
/// Each node tells the others which keys it has. A key that one of them lacks signs nothing yet, and the node that lacks it
/// says so, until somebody has put it there. Nodes that have no key in common go on with what they have, and say so: to
/// stop serving would make of some refused tokens an outage.
/// </summary>
internal sealed class KeyAgreement(SigningKeys keys, ILogger log)
{
    private string? fault;

    /// <summary>Null while all is well; otherwise a sentence.</summary>
    public string? Fault => Volatile.Read(ref fault);

    /// <summary>Compares with who is there now; says it in the log when something changes.</summary>
    public void Compare(ClusterView view)
    {
        var others = view.Live.Where(node => node.Id != view.Self).ToArray();
        var found = FindForeign(others) ?? FindMissing(others);
        keys.SignOnlyWith(
            others
                .Where(node => node.Keys.Count > 0)
                .Aggregate(keys.Names.AsEnumerable(), (all, node) => all.Intersect(node.Keys, StringComparer.Ordinal))
                .ToHashSet(StringComparer.Ordinal)
        );
        if (found is not null && found != fault)
        {
            log.LogError("{Fault}", found);
        }
        Volatile.Write(ref fault, found);
    }

    /// <summary>Another node signs with what this node cannot check.</summary>
    private string? FindForeign(NodeCard[] others) =>
        Array.Find(others, node => node.SigningKey is { } key && !Has(key)) is { } stranger
            ? $"The node {stranger.Name} signs with the key {stranger.SigningKey}, which this node "
                + "does not have: give all nodes the same keys (setting keys), or tokens are "
                + "refused at random."
            : null;

    /// <summary>
    /// Somebody has what this node lacks, and waits for it. One that is older than all of this node's it will have forgotten.
    /// </summary>
    private string? FindMissing(NodeCard[] others)
    {
        var oldest = keys.Names is [var first, ..] ? first : "";
        var (node, missing) = others
            .SelectMany(other => other.Keys, (other, key) => (other.Name, Key: key))
            .FirstOrDefault(one => string.CompareOrdinal(one.Key, oldest) > 0 && !Has(SigningKey.KeyIdIn(one.Key)));
        return missing is null
            ? null
            : $"The node {node} has the key {missing}, which this node does not have: put its file "
                + "into the folder of this node's keys (setting keys). Until all nodes have it, "
                + "it signs nothing.";
    }

    // At once, not now and then: another node may just have made it, in the folder that they share.
    private bool Has(string keyId) => keys.Knows(keyId, TimeSpan.Zero);
}
