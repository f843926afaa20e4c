using System.Runtime.InteropServices;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// The rows that were changed while a cut of them lives, as they were before. The writer adds, once for each row; the
/// reader of the cut takes them out by groups. In memory that the collector does not own: it lives for as long as a
/// snapshot is written, which is long enough for the collector to move all of it, while every caller waits.
/// </summary>
internal sealed unsafe class RowsAside
{
    private const int GroupBits = 10;

    /// <summary>Rows that are read at once; a power of two, and a part of a chunk.</summary>
    public const int GroupRows = 1 << GroupBits;

    private const int BlockBits = 10;
    private const int BlockNodes = 1 << BlockBits;

    private readonly int count;
    private readonly ulong* isKept; // a bit for each row; the writer's
    private readonly int* heads; // for each group its newest node, plus 1
    private readonly Node** blocks;
    private int nodes;
    private int readTo;

    /// <param name="count">Rows in the cut; those that come later are not part of it.</param>
    public RowsAside(int count)
    {
        this.count = count;
        isKept = (ulong*)NativeMemory.AllocZeroed((nuint)(count / 64 + 1), sizeof(ulong));
        heads = (int*)NativeMemory.AllocZeroed((nuint)(count / GroupRows + 1), sizeof(int));
        blocks = (Node**)NativeMemory.AllocZeroed((nuint)(count / BlockNodes + 1), (nuint)sizeof(nint));
    }

    /// <summary>A row as it was, in a list of those of its group.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct Node
    {
        public PersonRow Row;
        public int Number;
        public int Next;
    }

    /// <summary>What a row that is put aside takes; bytes.</summary>
    public static int BytesPerRow => sizeof(Node);

    /// <summary>Puts a row aside unless it is there, or was read already; whether it did. Writer only.</summary>
    public bool Keep(int row, in PersonRow before)
    {
        var bit = 1UL << (row & 63);
        if (row >= count || row < Volatile.Read(ref readTo) || (isKept[row >> 6] & bit) != 0)
        {
            return false;
        }
        isKept[row >> 6] |= bit;
        ref var node = ref NextNode();
        ref var head = ref heads[row >> GroupBits];
        (node.Row, node.Number, node.Next) = (before, row, head);
        Volatile.Write(ref head, nodes);
        // It must be there before the row changes.
        Volatile.WriteBarrier();
        return true;
    }

    /// <summary>Puts what was put aside of a group into the rows that were copied. The group is not kept any longer.</summary>
    public void Restore(int from, Span<PersonRow> rows)
    {
        for (var number = Volatile.Read(ref heads[from >> GroupBits]); number > 0; )
        {
            ref readonly var node = ref blocks[(number - 1) >> BlockBits][(number - 1) & (BlockNodes - 1)];
            rows[node.Number - from] = node.Row;
            number = node.Next;
        }
        Volatile.Write(ref readTo, from + GroupRows);
    }

    /// <summary>Gives the memory back; nothing may be added any more.</summary>
    public void Free()
    {
        for (var block = 0; block <= count / BlockNodes && blocks[block] is not null; block++)
        {
            NativeMemory.Free(blocks[block]);
        }
        NativeMemory.Free(blocks);
        NativeMemory.Free(heads);
        NativeMemory.Free(isKept);
    }

    private ref Node NextNode()
    {
        var number = nodes++;
        ref var block = ref blocks[number >> BlockBits];
        if (block is null)
        {
            block = (Node*)NativeMemory.Alloc(BlockNodes, (nuint)sizeof(Node));
        }
        return ref block[number & (BlockNodes - 1)];
    }
}
