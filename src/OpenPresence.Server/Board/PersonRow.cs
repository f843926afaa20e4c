using System.Runtime.InteropServices;

namespace OpenPresence.Server.Board;

/// <summary>
/// What the board keeps of a person: one cache line. The common person, with at most one session of an
/// application and nothing else, is all in here; whoever has more has a <see cref="SideData"/> that holds
/// the whole record, and then the session fields here are empty.
/// </summary>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 64)]
public struct PersonRow
{
    /// <summary>The person; <see cref="Guid.Empty"/>: the row is free.</summary>
    public Guid Id;

    /// <summary>Since when the pair that is shown holds; ticks of an Instant.</summary>
    public long SinceTicks;

    /// <summary>When the session was set; ticks of an Instant.</summary>
    public long SetAtTicks;

    /// <summary>Position and ordinal of the last visible change; see <see cref="Sequence"/>.</summary>
    public long Sequence;

    /// <summary>How long the session lives from when it was set; milliseconds.</summary>
    public int DurationMilliseconds;

    /// <summary>When the person was last seen not Offline; seconds since 1970, 0: never.</summary>
    public uint LastSeenSeconds;

    /// <summary>Where the side data stands; <see cref="None"/>: there is none.</summary>
    public int Side;

    /// <summary>The number of the session's application; <see cref="None"/>: there is no session here.</summary>
    public int Application;

    /// <summary>The tenant's number.</summary>
    public ushort Tenant;

    /// <summary>What the session says; a number of <see cref="PairNumbers"/>.</summary>
    public byte SessionPair;

    /// <summary>What readers see; a number of <see cref="PairNumbers"/>.</summary>
    public byte Pair;

    /// <summary>What else readers see.</summary>
    public PersonFlags Flags;

    /// <summary>In <see cref="Side"/> and <see cref="Application"/>.</summary>
    public const int None = -1;
}
