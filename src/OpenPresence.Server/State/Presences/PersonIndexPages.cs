using System.Runtime.CompilerServices;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Memory of the <see cref="PersonIndex"/>: pages of one size, cut from large pinned arrays that live as
/// long as the index. A page that is given back is handed out again, never freed: a reader that still
/// looks at it reads nonsense, not a hole, and its version check throws the nonsense away. Pages of one
/// size leave no fragments, and arrays of bytes give the garbage collector nothing to scan. The tempting
/// array per partition was measured in the prototypes: growing, it left twice its size as garbage.
///
/// An index that has become large goes on in larger arrays, mapped by huge pages: a look at one of ten million people
/// misses the processor's caches anyway, and missed those of the map besides (<see cref="HugePages"/>).
/// </summary>
internal sealed unsafe class PersonIndexPages
{
    public const int PageBytes = 4096;
    private const int SlabPages = 256;

    /// <summary>Pages from which on an index is large.</summary>
    private const int LargeFrom = 4 * SlabPages;

    private const int LargeSlabBytes = 32 << 20;

    private readonly List<byte[]> slabs = [];
    private readonly Stack<nint> free = new();
    private byte* next;
    private int left;

    /// <summary>Pages handed out and not given back.</summary>
    public int PagesInUse { get; private set; }

    /// <summary>A page of zeros, aligned to its size's cache lines.</summary>
    public nint Rent()
    {
        PagesInUse++;
        if (!free.TryPop(out nint page))
        {
            page = Cut();
        }

        Unsafe.InitBlock((void*)page, 0, PageBytes);
        return page;
    }

    public void Return(nint page)
    {
        PagesInUse--;
        free.Push(page);
    }

    private nint Cut()
    {
        if (left == 0)
        {
            Grow();
        }

        left--;
        nint page = (nint)next;
        next += PageBytes;
        return page;
    }

    private void Grow()
    {
        var isLarge = PagesInUse >= LargeFrom;
        var (bytes, alignment) = isLarge ? (LargeSlabBytes, HugePages.Bytes) : (SlabPages * PageBytes, PageBytes);
        // So much more than is used, to align the beginning. It is never touched.
        byte[] slab = GC.AllocateUninitializedArray<byte>(bytes + alignment, pinned: true);
        slabs.Add(slab);
        nint start = (nint)Unsafe.AsPointer(ref slab[0]);
        nint aligned = (start + alignment - 1) & ~(nint)(alignment - 1);
        if (isLarge)
        {
            HugePages.WishFor(aligned, bytes);
        }

        next = (byte*)aligned;
        left = bytes / PageBytes;
    }
}
