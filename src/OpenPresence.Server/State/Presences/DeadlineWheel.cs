using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Which rows have something due by a given instant. A ring of slots of a tenth of a second holds the
/// deadlines of the next hours. Later ones hang in slots of hours, and move to the ring a few at a time
/// before their hours begin. A row costs 8 bytes and allocates nothing; arming, re-arming and disarming are
/// a few memory accesses however many rows are armed, and an idle row is touched twice in its life. When exactly
/// a row is due is not kept, because whoever armed it can tell; it is asked for those that move to the ring.
///
/// Never late, and exact about the next one as far as it can know. <see cref="DueBound"/> says before which
/// instant nothing is due; when the earliest row was armed last, that is its own deadline. When that row is
/// disarmed, the bound stays as it is: to look for the next row at once would be a walk over many on each
/// renewal, if people renew in the order in which they would expire. It is looked for when the clock reaches
/// the bound (<see cref="FirstRows"/>), which it seldom does.
///
/// The board asks the engine for the exact instants of the rows of a slot, puts them in order, and hangs back
/// what is not due yet. The tempting shortcut, to cross a slot as if all were due when it ends, would make
/// instants depend on where a wheel began, which differs between nodes.
/// </summary>
/// <remarks>
/// The links are not part of a row: a row's neighbours in a list stand in other chunks, and linking would
/// make a snapshot copy those too.
/// </remarks>
public sealed class DeadlineWheel
{
    /// <summary>What a slot of the ring covers.</summary>
    public static readonly TimeSpan SlotTime = TimeSpan.FromMilliseconds(100);

    /// <summary>Deadlines further away from the beginning than this, 13 years, count as if they were there.</summary>
    public static readonly TimeSpan Reach = (FarthestTick - 1L) * SlotTime;

    /// <summary>Ticks in a block: 7.3 hours, longer than any session of an application.</summary>
    private const int BlockBits = 18;

    /// <summary>The ring holds the current block and the next.</summary>
    private const uint RingTicks = 2 << BlockBits;

    private const uint Blocks = 1 << (32 - BlockBits);

    /// <summary>The slots of hours stand behind those of the ring.</summary>
    private const uint FirstBlockSlot = RingTicks;

    /// <summary>The last tick of the last block but one, so that there is always a next block.</summary>
    private const uint FarthestTick = ((Blocks - 1) << BlockBits) - 1;

    /// <summary>Rows that move to the ring in one go, while there is time.</summary>
    private const int MovesMax = 256;

    private readonly WheelLinks links = new();
    private readonly WheelSlots slots;
    private readonly Func<int, Instant> deadlineOf;
    private readonly long baseTicks;
    private uint cursor = 1;
    private long dueBoundTicks = long.MaxValue;

    /// <param name="startAt">No deadline lies before this.</param>
    /// <param name="deadlineOf">The deadline with which a row is armed.</param>
    public DeadlineWheel(Instant startAt, Func<int, Instant> deadlineOf)
    {
        baseTicks = startAt.Ticks;
        this.deadlineOf = deadlineOf;
        slots = new WheelSlots(RingTicks + Blocks, links);
    }

    /// <summary>Rows that have a deadline.</summary>
    public int Armed { get; private set; }

    /// <summary>No row is due before this.</summary>
    public Instant DueBound => new(dueBoundTicks);

    private uint NextBlock => (cursor >> BlockBits) + 1;

    /// <summary>Sets or moves a row's deadline, which is not before the time that was carried to.</summary>
    public void Arm(int row, Instant deadline)
    {
        Disarm(row);
        Hang(row, Math.Max(TickOf(deadline), cursor));
        Armed++;
        dueBoundTicks = Math.Min(dueBoundTicks, deadline.Ticks);
    }

    /// <summary>Takes a row's deadline away; harmless without one.</summary>
    public void Disarm(int row)
    {
        if (!links.IsArmed(row))
        {
            return;
        }
        slots.Remove(row);
        Armed--;
        dueBoundTicks = Armed == 0 ? long.MaxValue : dueBoundTicks;
    }

    /// <summary>Brings a row's link into the processor's caches.</summary>
    public void Warm(int row)
    {
        if (links.IsWithin(row))
        {
            Prefetch.Of(ref links[row]);
        }
    }

    /// <summary>
    /// Takes off the rows of the first slot that begins by <paramref name="at"/> and puts them in
    /// <paramref name="rows"/>, in no order; false: no slot does, and time was carried to that instant.
    /// </summary>
    public bool TryTake(Instant at, List<int> rows)
    {
        rows.Clear();
        var until = Math.Max(TickOf(at), cursor);
        if (at < DueBound)
        {
            MoveTo(until);
            return false;
        }
        var first = First();
        for (; first.Tick <= until && first.Tick != 0; first = First())
        {
            MoveTo(first.Tick);
            if (first.IsInRing)
            {
                slots.CopyTo(rows, first.Tick % RingTicks);
                rows.ForEach(Disarm);
                return true;
            }
        }
        MoveTo(until);
        dueBoundTicks = first.Tick == 0 ? long.MaxValue : StartOf(first.Tick);
        return false;
    }

    /// <summary>Finds the rows of the earliest slot, which stay where they are. A walk over many, at worst.</summary>
    public void FirstRows(List<int> rows)
    {
        rows.Clear();
        MoveRows(NextBlock, int.MaxValue);
        var first = First();
        if (first.IsInRing)
        {
            slots.CopyTo(rows, first.Tick % RingTicks);
        }
        else if (first.Tick != 0)
        {
            slots.CopyTo(rows, SlotOf(first.Tick >> BlockBits));
            var earliest = rows.Min(row => TickOf(deadlineOf(row)));
            rows.RemoveAll(row => TickOf(deadlineOf(row)) != earliest);
        }
    }

    /// <summary>Whether a deadline falls into the slot that was taken last.</summary>
    public bool IsCurrent(Instant deadline) => TickOf(deadline) == cursor;

    /// <summary>A caller looked and found that no row is due before this.</summary>
    public void RaiseDueBound(Instant bound) => dueBoundTicks = Math.Max(dueBoundTicks, bound.Ticks);

    /// <summary>The first tick that a row may have, 0 if there is none; exact if it is in the ring.</summary>
    private (uint Tick, bool IsInRing) First()
    {
        if (Armed == 0)
        {
            return default;
        }
        // The ring's ticks before the end of the current block, then those of the next.
        var nextStart = NextBlock << BlockBits;
        if (slots.FirstIn(cursor % RingTicks, nextStart - cursor) is { } near)
        {
            return (cursor + near, true);
        }
        if (!slots.IsEmpty(SlotOf(NextBlock)))
        {
            return (nextStart, false);
        }
        if (slots.FirstIn(nextStart % RingTicks, 1 << BlockBits) is { } next)
        {
            return (nextStart + next, true);
        }
        var block = slots.FirstIn(SlotOf(NextBlock), Blocks - NextBlock);
        return ((NextBlock + block!.Value) << BlockBits, false);
    }

    /// <summary>Carries the cursor on; no row has an earlier tick.</summary>
    private void MoveTo(uint tick)
    {
        cursor = tick;
        MoveRows(tick >> BlockBits, int.MaxValue);
        MoveRows(NextBlock, MovesMax);
    }

    private void MoveRows(uint block, int count)
    {
        for (; count > 0 && !slots.IsEmpty(SlotOf(block)); count--)
        {
            var row = slots.Head(SlotOf(block));
            slots.Remove(row);
            slots.Add(TickOf(deadlineOf(row)) % RingTicks, row);
        }
    }

    private void Hang(int row, uint tick)
    {
        links.Reserve(row);
        slots.Add(tick >> BlockBits <= NextBlock ? tick % RingTicks : SlotOf(tick >> BlockBits), row);
    }

    private static uint SlotOf(uint block) => FirstBlockSlot + block;

    private long StartOf(uint tick) => baseTicks + (tick - 1L) * SlotTime.Ticks;

    private uint TickOf(Instant at) =>
        at.Ticks <= baseTicks ? 1 : (uint)Math.Min((at.Ticks - baseTicks) / SlotTime.Ticks + 1, FarthestTick);
}
