using System.Runtime.InteropServices;

namespace OpenPresence.Server.State.Presences;

/// <summary>What is true of a person beyond the pair, as far as a read of many must know it.</summary>
[Flags]
public enum PersonFlags : byte
{
    None = 0,

    /// <summary>outOfOfficeSettings.isOutOfOffice.</summary>
    OutOfOffice = 1,

    /// <summary>A side table holds a status message, a work location or an automatic reply.</summary>
    HasSideData = 2,
}

/// <summary>
/// All that most reads need of a person: 32 bytes, half a cache line, copied whole. What is rare is
/// reached over <paramref name="Row"/>.
/// </summary>
/// <param name="Id">The person's object id; <see cref="Guid.Empty"/>: no person.</param>
/// <param name="Row">Where the board keeps the rest.</param>
/// <param name="Tenant">The tenant's number on this node; a read of many checks it for every id.</param>
/// <param name="Pair">The number of the availability/activity pair that readers see.</param>
/// <param name="Flags">What else the answer must show.</param>
/// <param name="Sequence">The journal position and ordinal of the last visible change.</param>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 32)]
public readonly record struct PersonEntry(Guid Id, int Row, ushort Tenant, byte Pair, PersonFlags Flags, long Sequence)
{
    /// <summary>Whether the absence shows. Not HasFlag: it boxes until the method is compiled again.</summary>
    public bool IsOutOfOffice => (Flags & PersonFlags.OutOfOffice) != PersonFlags.None;

    /// <summary>Whether an answer needs more than this entry.</summary>
    public bool HasSideData => (Flags & PersonFlags.HasSideData) != PersonFlags.None;
}
