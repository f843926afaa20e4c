using OpenPresence.Server.Auth.Issuer.Keys;

namespace OpenPresence.Server.Cluster;

/// <summary>
/// Looks whether the nodes sign with keys that this one has. If not, whatever one of them signed is good on some nodes and
/// not on others: clients would be refused at random behind a balancer, and nobody would know why.
/// </summary>
internal sealed class KeyAgreement(SigningKeys keys, ILogger log)
{
    private string? fault;

    /// <summary>Null while all is well; otherwise a sentence.</summary>
    public string? Fault => Volatile.Read(ref fault);

    /// <summary>Compares with who is there now; says it in the log when something changes.</summary>
    public void Compare(ClusterView view)
    {
        var stranger = view.Live.FirstOrDefault(node =>
            node.SigningKey is { } key && node.Id != view.Self && !keys.Knows(key)
        );
        var found = stranger is null
            ? null
            : $"The node {stranger.Name} signs with the key {stranger.SigningKey}, which this node "
                + "does not have: give all nodes the same keys (setting keys), or tokens are refused at random.";
        if (found is not null && found != fault)
        {
            log.LogError("{Fault}", found);
        }
        Volatile.Write(ref fault, found);
    }
}
