using OpenPresence.Engine;

namespace OpenPresence.Server.Board;

/// <summary>
/// The whole record of a person who has more than one session of an application, and what it merges to.
/// Immutable: a change puts a new one in its place, so a reader's copy is always whole.
/// </summary>
/// <param name="PersonId">Whose it is; a reader that raced with a removal sees another's and looks again.</param>
/// <param name="Record">All layers.</param>
/// <param name="Presence">What readers see since the last change.</param>
/// <param name="Sequence">The sequence of that change.</param>
public sealed record SideData(
    Guid PersonId,
    PresenceRecord Record,
    Presence Presence,
    long Sequence
);
