using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Lets the faults of the control API meet notifications. While any is set, a POST carries one notification, so that
/// a count means the same in every run: how many come together is a matter of speed otherwise. Each is met once, before
/// its first attempt; a repetition of it is left alone. Of the dispatcher's thread alone.
/// </summary>
/// <param name="faults">What is set; null: there is no control API, and nothing is ever looked at.</param>
/// <param name="turns">Where receivers get their turns.</param>
internal sealed class LaneFaults(IFaultInjection? faults, Turns turns)
{
    private readonly List<Receiver> holding = [];

    /// <summary>How many notifications the next POST may carry.</summary>
    public int BatchMax => faults is { IsAny: true } ? 1 : DeliveryLimits.NotificationsPerPostMax;

    /// <summary>Decides about a batch that has not been sent yet; whether it may be sent now.</summary>
    public bool LetsGo(Receiver receiver, Instant now)
    {
        var isNew = !receiver.IsJudged;
        receiver.IsJudged = true;
        if (
            faults is not { IsAny: true }
            || !isNew
            || receiver.Batch.Count > 1
            || faults.Take(receiver.Batch[0]) is not { } fault
        )
        {
            return true;
        }
        if (fault.Effect.Reorder)
        {
            return !TryHold(receiver, fault);
        }
        receiver.Fault = fault;
        receiver.NotBefore = now + fault.Effect.Delay;
        return fault.Effect.Delay == TimeSpan.Zero;
    }

    /// <summary>Begins a batch with what was overtaken, once something has overtaken it; whether it did.</summary>
    public static bool TryGiveBack(Receiver receiver)
    {
        (receiver.IsJudged, receiver.Fault) = (false, null);
        if (receiver is not { IsOvertaken: true, Held: { } held })
        {
            return false;
        }
        receiver.Batch.Add(held.Notice);
        (receiver.IsJudged, receiver.Fault) = (true, held.Fault);
        (receiver.Held, receiver.IsOvertaken) = (null, false);
        return true;
    }

    /// <summary>Lets go what is held by a fault that was taken away meanwhile; whether there was any.</summary>
    public bool Release(Instant now)
    {
        var released = 0;
        for (var i = holding.Count - 1; i >= 0; i--)
        {
            var receiver = holding[i];
            if (receiver.Held is { } held && faults!.IsSet(held.Fault))
            {
                continue;
            }
            holding.RemoveAt(i);
            receiver.IsOvertaken = receiver.Held is not null;
            turns.Plan(receiver, now);
            released++;
        }
        return released > 0;
    }

    private bool TryHold(Receiver receiver, InjectedFault fault)
    {
        if (receiver.Held is not null)
        {
            return false; // it is the one that overtakes
        }
        (receiver.Held, receiver.IsOvertaken) = ((receiver.Batch[0], fault), false);
        receiver.Batch.Clear();
        if (!holding.Contains(receiver))
        {
            holding.Add(receiver);
        }
        return true;
    }
}
