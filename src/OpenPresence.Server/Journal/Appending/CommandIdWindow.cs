using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace OpenPresence.Server.Journal.Appending;

/// <summary>
/// The positions of the latest command ids, so that a repeated append is recognised. Belongs to the writer.
/// </summary>
/// <remarks>
/// A ring holds the ids in order; an index with linear probing finds them. This is the writer's only work that
/// misses the cache, two lines for each entry (one id comes, one goes), and a <c>Dictionary</c> made it a
/// quarter of what an append costs. So the index holds a part of the hash beside each ring slot, which answers
/// nearly always without a look at the ring, and both lines are fetched ahead for a whole batch.
/// </remarks>
internal sealed unsafe class CommandIdWindow
{
    private const int AheadMax = 16;

    private readonly int _idsMax;
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64() | 1;
    private readonly (Guid Id, long Position)[] _ring;
    private readonly int _ringMask;

    // Upper half: a part of the hash. Lower half: the ring's slot plus one; 0: empty.
    private readonly ulong[] _index;
    private readonly int _indexMask;
    private long _first;
    private long _confirmed;
    private long _claimed;

    /// <param name="idsMax">How many ids are remembered; older ones are forgotten in order.</param>
    public CommandIdWindow(int idsMax)
    {
        _idsMax = idsMax;
        var slots = BitOperations.RoundUpToPowerOf2((uint)(idsMax + AppendQueue.BatchEntriesMax));
        _ring = new (Guid, long)[slots];
        _ringMask = (int)slots - 1;
        _index = GC.AllocateArray<ulong>((int)slots * 2, pinned: true);
        _indexMask = _index.Length - 1;
    }

    /// <summary>Says that the id will be claimed soon.</summary>
    public void Prefetch(Guid commandId)
    {
        if (Sse.IsSupported)
        {
            fixed (ulong* index = _index)
            {
                Sse.Prefetch0(index + Home(Hash(commandId)));
            }
        }
    }

    /// <summary>
    /// Claims an id for an entry that is about to be written; otherwise gives the position that it has.
    /// At most <see cref="AppendQueue.BatchEntriesMax"/> before they are confirmed or released.
    /// </summary>
    public bool TryClaim(Guid commandId, long position, out long known)
    {
        var hash = Hash(commandId);
        var at = Home(hash);
        for (; _index[at] != 0; at = (at + 1) & _indexMask)
        {
            if ((_index[at] ^ hash) >> 32 == 0)
            {
                ref var held = ref _ring[RingSlot(_index[at])];
                if (held.Id == commandId)
                {
                    known = held.Position;
                    return false;
                }
            }
        }

        var slot = (int)_claimed++ & _ringMask;
        _ring[slot] = (commandId, position);
        _index[at] = (hash & 0xFFFFFFFF_00000000) | (uint)(slot + 1);
        known = position;
        return true;
    }

    /// <summary>
    /// At a start, of each entry in order: the latest are remembered once <see cref="EndRecall"/> is called. Claiming
    /// all those that are forgotten again would take longer than reading them.
    /// </summary>
    public void Recall(Guid commandId, long position) => _ring[(int)_claimed++ & _ringMask] = (commandId, position);

    /// <summary>From now on what was recalled is found.</summary>
    public void EndRecall()
    {
        var end = _claimed;
        _first = Math.Max(0, end - _idsMax);
        (_confirmed, _claimed) = (_first, _first);
        for (var recalled = _first; recalled < end; recalled++)
        {
            // In place: what is claimed goes where this came from, or before it if an id was there twice.
            var (id, position) = _ring[(int)recalled & _ringMask];
            _ = TryClaim(id, position, out _);
        }

        Confirm();
    }

    /// <summary>What was claimed is durable; the oldest ids beyond the limit are forgotten.</summary>
    public void Confirm()
    {
        _confirmed = _claimed;
        var end = _confirmed - _idsMax;
        for (var ahead = _first; ahead < Math.Min(end, _first + AheadMax); ahead++)
        {
            Prefetch(_ring[(int)ahead & _ringMask].Id);
        }

        while (_first < end)
        {
            if (_first + AheadMax < end)
            {
                Prefetch(_ring[(int)(_first + AheadMax) & _ringMask].Id);
            }

            Remove((int)_first++ & _ringMask);
        }
    }

    /// <summary>What was claimed was not written after all.</summary>
    public void Release()
    {
        while (_claimed > _confirmed)
        {
            Remove((int)--_claimed & _ringMask);
        }
    }

    private static int RingSlot(ulong indexed) => (int)(uint)indexed - 1;

    // Ids may come from outside: the seed keeps anybody from making them collide.
    private ulong Hash(Guid id)
    {
        ref var halves = ref Unsafe.As<Guid, (ulong Low, ulong High)>(ref id);
        var high = Math.BigMul(halves.Low ^ _seed, halves.High ^ 0x9E3779B97F4A7C15, out var low);
        return (high ^ low) * _seed;
    }

    // Of the upper half only, so that an index slot alone tells where it wanted to be.
    private int Home(ulong hash) => (int)(hash >> 32) & _indexMask;

    /// <summary>Empties an index slot and moves up those behind it that it had pushed away.</summary>
    private void Remove(int ringSlot)
    {
        var hole = Home(Hash(_ring[ringSlot].Id));
        while (RingSlot(_index[hole]) != ringSlot)
        {
            hole = (hole + 1) & _indexMask;
        }

        for (var at = (hole + 1) & _indexMask; _index[at] != 0; at = (at + 1) & _indexMask)
        {
            var home = Home(_index[at]);
            if (((at - home) & _indexMask) >= ((at - hole) & _indexMask))
            {
                _index[hole] = _index[at];
                hole = at;
            }
        }

        _index[hole] = 0;
        _ring[ringSlot] = default;
    }
}
