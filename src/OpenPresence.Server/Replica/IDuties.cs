namespace OpenPresence.Server.Replica;

/// <summary>
/// What this node does for all nodes, where one of them has to do it: carrying time on when nothing else comes, and
/// telling receivers, by partitions of the subscriptions. Everything else each node does for itself.
///
/// A duty is held for a term, which has a number that never comes again on this node. So whoever looks now and then, and
/// not at every moment, sees that a partition was lost and came back meanwhile. The tempting shortcut, a yes or no for each
/// partition, would let it go on with what it remembers from before, while another node was at it.
/// </summary>
/// <remarks>
/// With the local journal one node does everything (<see cref="AllDuties"/>); with the PostgreSQL journal the nodes of a
/// cluster share.
/// </remarks>
public interface IDuties : IAsyncDisposable
{
    /// <summary>Whether this node appends ticks, and does once what need not be done by all; any thread.</summary>
    bool Ticks { get; }

    /// <summary>The newest version of the rules that every node knows; any thread.</summary>
    int RulesKnown { get; }

    /// <summary>How many nodes there are; 0: nobody can say at the moment. Any thread.</summary>
    int Nodes { get; }

    /// <summary>In which term it delivers the subscriptions of a partition; 0: it does not. Any thread.</summary>
    long TermOf(int partition);

    /// <summary>
    /// Whether the terms can be believed at this moment. Not when the node slept for so long that they may have ended without
    /// its knowing: then it delivers nothing until it knows better. Any thread.
    /// </summary>
    bool IsSure { get; }

    /// <summary>Told after a term began or ended, on any thread; must not wait.</summary>
    Action? Changed { get; set; }

    /// <summary>
    /// Told before partitions are given up of free will, while their terms still hold. They are another node's once the
    /// task ends, or once it has taken too long.
    /// </summary>
    Func<IReadOnlyList<int>, Task>? GivingUp { get; set; }
}
