using OpenPresence.Engine;

namespace OpenPresence.Server.Board;

/// <summary>
/// Which rows have something due by a given instant. A hashed wheel: a row hangs in the slot of its
/// deadline modulo one turn, in lists of row numbers that cost 12 bytes a row and allocate nothing.
/// Arming, re-arming and disarming are a few memory accesses, however many rows are armed; an idle row
/// costs nothing.
/// </summary>
/// <remarks>
/// <para>The wheel knows deadlines to a tenth of a second and never reports one late; the board asks the
/// engine for the exact instant of a row that is reported, and hangs it back when it is not due yet.</para>
/// <para>The links are not part of a row: a row's neighbours in a list stand in other chunks, and
/// linking would make a snapshot copy those too.</para>
/// </remarks>
public sealed class DeadlineWheel
{
    /// <summary>Slots in a turn: 819.2 s.</summary>
    public const int Slots = 8192;

    /// <summary>What a slot covers.</summary>
    public static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(100);

    private const int None = -1;
    private const uint Unarmed = uint.MaxValue;

    /// <summary>Deadlines further away than 13 years are looked at again then.</summary>
    private const uint FarthestTick = uint.MaxValue - 1;

    private readonly int[] heads = new int[Slots];
    private readonly long baseTicks;
    private Link[] links = new Link[64];
    private uint cursor = 1;
    private int armed;
    private uint nextDue = Unarmed;
    private bool nextDueIsKnown = true;

    /// <param name="startAt">No deadline lies before this.</param>
    public DeadlineWheel(Instant startAt)
    {
        baseTicks = startAt.Ticks;
        Array.Fill(heads, None);
    }

    private struct Link
    {
        public int Next;
        public int Previous;

        /// <summary>0: not armed. So that new links, which are zero, are not.</summary>
        public uint Tick;

        public readonly bool IsArmed => Tick != 0;
    }

    /// <summary>Rows that have a deadline.</summary>
    public int Armed => armed;

    /// <summary>Sets or moves a row's deadline.</summary>
    public void Arm(int row, Instant deadline)
    {
        if (row >= links.Length)
        {
            Array.Resize(ref links, Math.Max(row + 1, links.Length + links.Length / 4));
        }
        Disarm(row);
        var tick = Math.Max(TickOf(deadline), cursor);
        ref var link = ref links[row];
        ref var head = ref heads[tick % Slots];
        link = new Link
        {
            Next = head,
            Previous = None,
            Tick = tick,
        };
        if (head != None)
        {
            links[head].Previous = row;
        }
        head = row;
        armed++;
        if (nextDueIsKnown && (nextDue == Unarmed || tick < nextDue))
        {
            nextDue = tick;
        }
    }

    /// <summary>Takes a row's deadline away; harmless without one.</summary>
    public void Disarm(int row)
    {
        if (row >= links.Length || !links[row].IsArmed)
        {
            return;
        }
        ref var link = ref links[row];
        if (link.Previous == None)
        {
            heads[link.Tick % Slots] = link.Next;
        }
        else
        {
            links[link.Previous].Next = link.Next;
        }
        if (link.Next != None)
        {
            links[link.Next].Previous = link.Previous;
        }
        if (link.Tick == nextDue)
        {
            nextDueIsKnown = false;
        }
        link.Tick = 0;
        armed--;
    }

    /// <summary>
    /// Takes off the wheel every row whose deadline may be due by <paramref name="at"/> and adds it to
    /// <paramref name="due"/>, in no order.
    /// </summary>
    public void TakeDue(Instant at, List<int> due)
    {
        var until = TickOf(at);
        if (armed == 0 || until < cursor)
        {
            cursor = Math.Max(cursor, until);
            return;
        }
        var slots = Math.Min(until - cursor + 1, Slots);
        for (uint step = 0; step < slots; step++)
        {
            TakeSlot((cursor + step) % Slots, until, due);
        }
        cursor = until;
    }

    /// <summary>
    /// No row can be due before this; null: none is armed. Exact to a slot.
    /// </summary>
    public Instant? NextDueAt()
    {
        if (!nextDueIsKnown)
        {
            nextDue = FindNextDue();
            nextDueIsKnown = true;
        }
        return nextDue == Unarmed ? null : new Instant(baseTicks + (nextDue - 1) * SlotTime.Ticks);
    }

    private void TakeSlot(uint slot, uint until, List<int> due)
    {
        for (var row = heads[slot]; row != None; )
        {
            var next = links[row].Next;
            if (links[row].Tick <= until)
            {
                Disarm(row);
                due.Add(row);
            }
            row = next;
        }
    }

    /// <summary>Usually a short walk to the next slot in use; at worst, once a turn, a look at every row.</summary>
    private uint FindNextDue()
    {
        if (armed == 0)
        {
            return Unarmed;
        }
        for (uint step = 0; step < Slots; step++)
        {
            var tick = cursor + step;
            for (var row = heads[tick % Slots]; row != None; row = links[row].Next)
            {
                if (links[row].Tick == tick)
                {
                    return tick;
                }
            }
        }
        var earliest = Unarmed;
        foreach (ref readonly var link in links.AsSpan())
        {
            if (link.IsArmed && link.Tick < earliest)
            {
                earliest = link.Tick;
            }
        }
        return earliest;
    }

    private uint TickOf(Instant at) =>
        at.Ticks <= baseTicks
            ? 1
            : (uint)Math.Min((at.Ticks - baseTicks) / SlotTime.Ticks + 1, FarthestTick);
}
