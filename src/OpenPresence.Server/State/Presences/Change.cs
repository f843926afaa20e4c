using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>Why what readers see of a person became different.</summary>
public enum ChangeReason : byte
{
    /// <summary>A command said so.</summary>
    Command,

    /// <summary>Time passed: something faded, expired, began or ended.</summary>
    Time,

    /// <summary>The person was removed.</summary>
    Removed,

    /// <summary>The person was added, or came back.</summary>
    Added,

    /// <summary>Newer rules were put in force.</summary>
    Rules,
}

/// <summary>
/// One visible difference of one person, in the order of the journal; every node sees the same ones.
/// </summary>
/// <param name="Sequence">The person's sequence after it.</param>
/// <param name="At">When, by the journal's time: a deadline's own instant, or the entry's.</param>
/// <param name="Tenant">The tenant's number on this node.</param>
/// <param name="PersonId">Whose presence.</param>
/// <param name="Before">The pair before.</param>
/// <param name="After">The pair after; the same when only other members differ.</param>
/// <param name="Reason">Why.</param>
public readonly record struct Change(
    long Sequence,
    Instant At,
    ushort Tenant,
    Guid PersonId,
    PresencePair Before,
    PresencePair After,
    ChangeReason Reason
)
{
    /// <summary>Graph notifies of these only (changenotifications-for-presence, D).</summary>
    public bool IsOfPair => Before != After;
}
