using System.Runtime.InteropServices;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// What the board keeps of a person: 56 bytes. The common person, with at most one session of an
/// application and nothing else, is all in here; whoever has more has a <see cref="SideData"/> that holds
/// the whole record, and then the session fields here mean nothing.
/// </summary>
/// <remarks>
/// Ten million people are ten megabytes for each byte, so nothing stands here that follows from something else.
/// Flags follow from the side data: a person without it has no flags. What the index entry repeats (id, tenant, pair,
/// sequence) must stay all the same, because a snapshot is a cut of the rows, and of the rows alone.
/// </remarks>
[StructLayout(LayoutKind.Sequential, Pack = 8, Size = 56)]
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

    /// <summary>Where the record is; see <see cref="RecordPlace"/>.</summary>
    public RecordPlace Place;

    /// <summary>The tenant's number.</summary>
    public ushort Tenant;

    /// <summary>What the session says; a number of <see cref="PairNumbers"/>.</summary>
    public byte SessionPair;

    /// <summary>What readers see; a number of <see cref="PairNumbers"/>.</summary>
    public byte Pair;
}

/// <summary>
/// Where a person's record is, in one number that is read and written at once: nowhere, because it is empty; in the
/// row, with a session; or beside the rows.
/// </summary>
public readonly record struct RecordPlace
{
    private readonly int number; // 0: nowhere; 1 and up: an application's, plus 1; below 0: a side's, inverted

    private RecordPlace(int number) => this.number = number;

    /// <summary>The row holds the session of this application, and it is all there is.</summary>
    public static RecordPlace InRow(int application) => new(application + 1);

    /// <summary>All is in the side data of this number.</summary>
    public static RecordPlace Beside(int side) => new(~side);

    /// <summary>Whether the row holds a session.</summary>
    public bool IsInRow => number > 0;

    /// <summary>Whether there is side data.</summary>
    public bool IsBeside => number < 0;

    /// <summary>The number of the application whose session the row holds.</summary>
    public int Application => number - 1;

    /// <summary>The number of the side data.</summary>
    public int Side => ~number;
}
