using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OpenPresence.Server.State.Subscriptions;

/// <summary>
/// The subscriptions themselves, in rows that are used again. A number names a subscription for as long as
/// it lives and never another one: row and generation together. So whoever holds a number that is out of date
/// finds nothing, and above all not another caller's subscription. One writer, lock-free readers.
/// </summary>
internal sealed class SubscriptionTable
{
    private const int RowBits = 24;

    /// <summary>The most that a node holds.</summary>
    public const int SubscriptionsMax = 1 << RowBits;

    private readonly CowTable<Row> rows = new();
    private readonly Stack<int> free = new();
    private readonly ConcurrentDictionary<Guid, long> numbers = new();
    private long generation;

    /// <summary>A row: the subscription, and its number while it lives.</summary>
    internal struct Row
    {
        public long Number;
        public Subscription? Subscription;
    }

    /// <summary>How many there are.</summary>
    public int Count => numbers.Count;

    /// <summary>The number of a subscription.</summary>
    public bool TryFind(Guid id, out long number) => numbers.TryGetValue(id, out number);

    /// <summary>The subscription of a number, as it is now; false: it has ended.</summary>
    public bool TryGet(long number, [NotNullWhen(true)] out Subscription? subscription)
    {
        ref readonly var row = ref rows[RowOf(number)];
        subscription = Volatile.Read(in row.Subscription);
        // The number is the last to be written and the first to go: while it stands, the rest is its own.
        Volatile.ReadBarrier();
        return Volatile.Read(in row.Number) == number && subscription is not null;
    }

    /// <summary>Adds one, and numbers it. Writer only.</summary>
    public long Add(Subscription subscription)
    {
        if (!free.TryPop(out var row))
        {
            row = rows.Count < SubscriptionsMax ? rows.Add(default) : throw Full();
        }
        var number = (++generation << RowBits) | (uint)row;
        ref var added = ref rows.Writable(row);
        Volatile.Write(ref added.Subscription, subscription);
        Volatile.Write(ref added.Number, number);
        numbers[subscription.Id] = number;
        return number;
    }

    /// <summary>Puts another version in the place of one that lives. Writer only.</summary>
    public void Replace(long number, Subscription subscription) =>
        Volatile.Write(ref rows.Writable(RowOf(number)).Subscription, subscription);

    /// <summary>Removes one that lives. Writer only.</summary>
    public void Remove(long number)
    {
        ref var row = ref rows.Writable(RowOf(number));
        numbers.TryRemove(row.Subscription!.Id, out _);
        Volatile.Write(ref row.Number, 0);
        Volatile.Write(ref row.Subscription, null);
        free.Push(RowOf(number));
    }

    /// <summary>All that live, each as it is when its turn comes.</summary>
    public IEnumerable<Subscription> All()
    {
        for (var row = 0; row < rows.Count; row++)
        {
            if (Volatile.Read(in rows[row].Subscription) is { } subscription)
            {
                yield return subscription;
            }
        }
    }

    /// <summary>The rows as they are now. Writer only, one at a time.</summary>
    public CowTable<Row>.Cut TakeCut() => rows.TakeCut();

    private static int RowOf(long number) => (int)(number & (SubscriptionsMax - 1));

    private static InvalidOperationException Full() => new($"A node holds {SubscriptionsMax} subscriptions at most.");
}
