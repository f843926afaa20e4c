using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Cluster;

/// <summary>
/// How many partitions a node holds, of as many nodes: pure. An even share, rounded up, so that together they hold all; a
/// node that has more gives some up, one that has less takes what no node has. Nobody plans for the others: what is
/// free is
/// free because its holder gave it up or is gone, and the locks decide who gets it.
/// </summary>
public static class Shares
{
    /// <summary>How many partitions each of some nodes may hold.</summary>
    public static int Of(int nodes) => (Partitions.Count + Math.Max(nodes, 1) - 1) / Math.Max(nodes, 1);

    /// <summary>
    /// What to give up to come down to a share: the last of those held as the node would take them, so that it keeps what it
    /// would take again.
    /// </summary>
    /// <param name="isHeld">By partition.</param>
    /// <param name="share">How many to keep.</param>
    /// <param name="first">Where this node begins to take.</param>
    public static int[] ToGiveUp(Func<int, bool> isHeld, int share, int first) =>
        [.. InOrder(first).Where(isHeld).Skip(share)];

    /// <summary>What to try to take, in this order: the nodes begin at different places, so that they seldom meet.</summary>
    public static int[] ToTake(Func<int, bool> isHeld, int first) =>
        [.. InOrder(first).Where(partition => !isHeld(partition))];

    private static IEnumerable<int> InOrder(int first) =>
        Enumerable.Range(0, Partitions.Count).Select(step => (first + step) % Partitions.Count);
}
