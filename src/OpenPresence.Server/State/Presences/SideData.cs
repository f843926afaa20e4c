using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// The whole record of a person who has more than one session of an application, and what it merges to.
/// Immutable: a change puts a new one in its place, so a reader's copy is always whole.
/// </summary>
/// <param name="PersonId">Whose it is; a reader that raced with a removal sees another's and looks again.</param>
/// <param name="Record">All layers.</param>
/// <param name="Presence">What readers see since the last change.</param>
/// <param name="Sequence">The sequence of that change.</param>
public sealed record SideData(Guid PersonId, PresenceRecord Record, Presence Presence, long Sequence)
{
    /// <summary>The flags of a person with this side data; who has none has no flags.</summary>
    public static PersonFlags FlagsOf(SideData? side) => side is null ? PersonFlags.None : FlagsOf(side.Presence);

    /// <summary>What a presence shows beyond its pair; nothing, if its record fits a row.</summary>
    public static PersonFlags FlagsOf(Presence presence) =>
        (presence.IsOutOfOffice ? PersonFlags.OutOfOffice : PersonFlags.None)
        | (IsDetailed(presence) ? PersonFlags.HasSideData : PersonFlags.None);

    private static bool IsDetailed(Presence presence) =>
        presence.StatusMessage is not null
        || presence.OutOfOfficeMessage is not null
        || presence.WorkLocation != WorkLocation.None;
}
