namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// The numbers of the subscriptions that watch one person, or everyone. One writer; readers take the array as it
/// is and pass over zeros, so they never wait. Adding and removing cost no copy of the whole but now and
/// then: a thousand wallboards that watch the same six hundred people would otherwise copy megabytes each
/// time one of them renews itself.
/// </summary>
internal sealed class WatcherList
{
    private long[] numbers = new long[1];
    private int used;

    /// <summary>How many there are; the writer's.</summary>
    public int Count { get; private set; }

    /// <summary>The numbers, with zeros between them. What is added or removed from now on may be missed.</summary>
    public ReadOnlySpan<long> Numbers => Volatile.Read(ref numbers);

    /// <summary>Adds one. Writer only.</summary>
    public void Add(long number)
    {
        if (used == numbers.Length)
        {
            Repack();
        }
        Volatile.Write(ref numbers[used++], number);
        Count++;
    }

    /// <summary>Removes one that is there. Writer only.</summary>
    public void Remove(long number)
    {
        numbers[numbers.AsSpan(0, used).IndexOf(number)] = 0;
        Count--;
    }

    /// <summary>Into a new array, for readers hold the old one: twice as large, unless half of it is zeros.</summary>
    private void Repack()
    {
        var packed = new long[Count <= numbers.Length / 2 ? numbers.Length : numbers.Length * 2];
        used = 0;
        foreach (var number in numbers)
        {
            if (number != 0)
            {
                packed[used++] = number;
            }
        }
        Volatile.Write(ref numbers, packed);
    }
}
