using System.Runtime.CompilerServices;
using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// The rows and what hangs on them: packs a record into a row when it fits and into side data when it
/// does not, and back. Nothing outside this file knows how a record is stored. Writer only, except
/// <see cref="SideOf"/> and cuts.
/// </summary>
public sealed class PersonRows
{
    private readonly RowTable rows = new();
    private readonly CowTable<SideData?> sides = new();
    private readonly PriorityQueue<int, int> freeRows = new();
    private readonly Stack<int> freeSides = new();
    private readonly Dictionary<Guid, int> applicationNumbers = [];
    private readonly List<Guid> applications = [];

    /// <summary>One more than the highest row.</summary>
    public int Count => rows.Count;

    /// <summary>People with side data.</summary>
    public int Sides => sides.Count - freeSides.Count;

    /// <summary>Bytes of rows that cuts made the writer put aside, of all cuts together.</summary>
    public long BytesKept => rows.RowsKept * RowsAside.BytesPerRow;

    /// <summary>A row to read.</summary>
    public ref readonly PersonRow this[int row] => ref rows[row];

    /// <summary>A row to change in place. The reference must not be kept.</summary>
    public ref PersonRow Writable(int row) => ref rows.Writable(row);

    /// <summary>The side data of a row; any thread. Null: none, or a writer is changing it right now.</summary>
    public SideData? SideOf(int row) => rows[row].Place is { IsBeside: true } place ? sides[place.Side] : null;

    /// <summary>
    /// What readers are told beyond the pair. A person who fits a row has nothing of that. Writer only.
    /// </summary>
    public PersonFlags FlagsOf(int row) => SideData.FlagsOf(SideOf(row));

    /// <summary>Brings a row into the processor's caches.</summary>
    public void Warm(int row) => Prefetch.Of(ref Unsafe.AsRef(in rows[row]));

    /// <summary>The sequence of a row; any thread.</summary>
    public long SequenceOf(int row) => Volatile.Read(in rows[row].Sequence);

    /// <summary>Since when, and last seen; any thread, but see <see cref="PresenceBoard.TryReadTimes"/>.</summary>
    public PersonTimes TimesOf(int row)
    {
        ref readonly var packed = ref rows[row];
        var seen = packed.LastSeenSeconds;
        return new PersonTimes(
            new Instant(packed.SinceTicks),
            seen == 0 ? null : new Instant(DateTime.UnixEpoch.Ticks + seen * TimeSpan.TicksPerSecond)
        );
    }

    /// <summary>An instant in a row's seconds.</summary>
    public static uint SecondsOf(Instant at) =>
        (uint)Math.Clamp((at.Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerSecond, 1, uint.MaxValue);

    /// <summary>Takes the lowest free row, so that equal histories give equal rows.</summary>
    public int Add(in Guid id, ushort tenant)
    {
        var row = new PersonRow
        {
            Id = id,
            Tenant = tenant,
            Pair = PairNumbers.Of(PresencePair.Offline),
        };
        if (!freeRows.TryDequeue(out var free, out _))
        {
            return rows.Add(row);
        }
        rows.Writable(free) = row;
        return free;
    }

    /// <summary>Frees a row.</summary>
    public void Remove(int row)
    {
        FreeSide(row);
        rows.Writable(row) = default;
        freeRows.Enqueue(row, row);
    }

    /// <summary>Appends a row as a snapshot has it; the empty id stands for a free one.</summary>
    public int Restore(in PersonRow row)
    {
        var number = rows.Add(row);
        if (row.Id == Guid.Empty)
        {
            freeRows.Enqueue(number, number);
        }
        return number;
    }

    /// <summary>The record of a row.</summary>
    public PresenceRecord RecordOf(int row) => SideOf(row)?.Record ?? RowPacking.RecordOf(rows[row], applications);

    /// <summary>
    /// Stores a record, packed where it fits; the row's sequence must be set before. What readers see is
    /// kept with what does not fit.
    /// </summary>
    public void Store(int row, PresenceRecord record, Presence? presence)
    {
        ref var packed = ref rows.Writable(row);
        if (RowPacking.Fits(record))
        {
            FreeSide(row);
            packed.Place = default;
            if (record.Sessions is [var session])
            {
                RowPacking.Pack(ref packed, session, NumberOf(session.Key));
            }
            return;
        }
        var side = new SideData(packed.Id, record, presence!, packed.Sequence);
        if (packed.Place.IsBeside)
        {
            Volatile.Write(ref sides.Writable(packed.Place.Side), side);
        }
        else if (freeSides.TryPop(out var free))
        {
            Volatile.Write(ref sides.Writable(free), side);
            packed.Place = RecordPlace.Beside(free);
        }
        else
        {
            packed.Place = RecordPlace.Beside(sides.Add(side));
        }
    }

    /// <summary>An exact view of all rows for a snapshot.</summary>
    public Cut TakeCut() => new(rows.TakeCut(), sides.TakeCut(), [.. applications]);

    /// <summary>Applications are registered by an administrator, so their numbers need no end.</summary>
    private int NumberOf(Guid application)
    {
        if (!applicationNumbers.TryGetValue(application, out var number))
        {
            number = applications.Count;
            applications.Add(application);
            applicationNumbers.Add(application, number);
        }
        return number;
    }

    private void FreeSide(int row)
    {
        ref var packed = ref rows.Writable(row);
        if (packed.Place.IsBeside)
        {
            sides.Writable(packed.Place.Side) = null;
            freeSides.Push(packed.Place.Side);
            packed.Place = default;
        }
    }

    /// <summary>All rows as they were at one position, to be read forward.</summary>
    public sealed class Cut(RowTable.Cut rows, CowTable<SideData?>.Cut sides, Guid[] applications) : IDisposable
    {
        /// <summary>One more than the highest row.</summary>
        public int Count => rows.Count;

        /// <summary>A row as it was.</summary>
        public ref readonly PersonRow this[int row] => ref rows[row];

        /// <summary>A row's record as it was.</summary>
        public PresenceRecord RecordOf(int row) => SideOf(row)?.Record ?? RowPacking.RecordOf(rows[row], applications);

        /// <summary>A row's flags as they were.</summary>
        public PersonFlags FlagsOf(int row) => SideData.FlagsOf(SideOf(row));

        /// <inheritdoc />
        public void Dispose()
        {
            rows.Dispose();
            sides.Dispose();
        }

        private SideData? SideOf(int row) => rows[row].Place is { IsBeside: true } place ? sides[place.Side] : null;
    }
}
