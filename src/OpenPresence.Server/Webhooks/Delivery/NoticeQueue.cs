namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// What waits for one receiver, in order, in bounded memory. While little waits, every state is kept, for a
/// receiver that keeps up is to see each of them. From <see cref="DeliveryLimits.CoalesceFrom"/> on a newer
/// state takes the place of the older one of the same person and subscription: the place, so that what waits longest is
/// still told first, and the oldest position, so that nothing counts as delivered too early.
///
/// When it is full as well, the notice is not taken, and its subscription is resynchronised from the board later.
/// The tempting alternative, to drop the oldest notice, loses the last state of a person who does not change
/// again.
/// </summary>
internal sealed class NoticeQueue(NoticeBudget budget)
{
    private readonly Dictionary<(Watch, NoticeKind, Guid), long> last = [];
    private Notice[] ring = [];
    private long head;
    private long tail;

    /// <summary>How many wait.</summary>
    public int Count => (int)(tail - head);

    /// <summary>Takes a notice, or has it take an older one's place; false: there is no room.</summary>
    /// <param name="notice">The newer state.</param>
    /// <param name="isReplacing">An older state was put away for it.</param>
    public bool TryAdd(in Notice notice, out bool isReplacing)
    {
        isReplacing = false;
        if (Count >= DeliveryLimits.CoalesceFrom && last.TryGetValue(notice.Subject, out var at))
        {
            ref var older = ref ring[at & (ring.Length - 1)];
            older = older with { Pair = notice.Pair, Newest = notice.Newest };
            isReplacing = true;
            return true;
        }
        if (!budget.TryTake(Count))
        {
            return false;
        }
        if (Count == ring.Length)
        {
            Grow();
        }
        ring[tail & (ring.Length - 1)] = notice;
        last[notice.Subject] = tail++;
        return true;
    }

    /// <summary>The next one; only when there is one.</summary>
    public ref readonly Notice Peek() => ref ring[head & (ring.Length - 1)];

    /// <summary>Takes the next one out.</summary>
    public Notice Dequeue()
    {
        ref var slot = ref ring[head & (ring.Length - 1)];
        var notice = slot;
        slot = default;
        if (last.TryGetValue(notice.Subject, out var at) && at == head)
        {
            last.Remove(notice.Subject);
        }
        head++;
        budget.Give(Count + 1);
        if (Count == 0 && ring.Length > DeliveryLimits.NoticesOfEachMin)
        {
            // A receiver that once was slow does not keep its size.
            (ring, head, tail) = ([], 0, 0);
            last.TrimExcess();
        }
        return notice;
    }

    private void Grow()
    {
        var grown = new Notice[Math.Max(4, ring.Length * 2)];
        for (var i = head; i < tail; i++)
        {
            grown[i & (grown.Length - 1)] = ring[i & (ring.Length - 1)];
        }
        ring = grown;
    }
}

/// <summary>
/// The room for notices of all receivers together. Each has a little of its own, which the others cannot
/// fill: however many are slow, one that keeps up is never without.
/// </summary>
internal sealed class NoticeBudget
{
    /// <summary>Notices beyond the own room of their receivers.</summary>
    public int Taken { get; private set; }

    public bool TryTake(int waiting)
    {
        if (waiting < DeliveryLimits.NoticesOfEachMin)
        {
            return true;
        }
        if (waiting >= DeliveryLimits.NoticesPerReceiverMax || Taken >= DeliveryLimits.NoticesMax)
        {
            return false;
        }
        Taken++;
        return true;
    }

    public void Give(int waited)
    {
        if (waited > DeliveryLimits.NoticesOfEachMin)
        {
            Taken--;
        }
    }
}
