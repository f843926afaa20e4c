using System.Collections.Immutable;
using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>One attempt to deliver, as people want to look at it.</summary>
/// <param name="At">When it began, by the node's clock.</param>
/// <param name="RequestId">What was sent as <c>client-request-id</c>.</param>
/// <param name="Url">Where to.</param>
/// <param name="Fault">Why there was no answer.</param>
/// <param name="Status">The answer's status; 0: there was none.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Attempt">1 for the first.</param>
/// <param name="Count">Notifications in the POST, of all subscriptions.</param>
/// <param name="People">The first of those whom it told of.</param>
public sealed record DeliveryAttempt(
    Instant At,
    Guid RequestId,
    Uri Url,
    ReceiverFault Fault,
    int Status,
    TimeSpan Took,
    int Attempt,
    int Count,
    ImmutableArray<Guid> People
)
{
    /// <summary>The fault of the control API that met it; null: none.</summary>
    public string? FaultId { get; init; }
}

/// <summary>
/// The latest deliveries of each subscription, in a fixed amount of memory for all of them: one ring, in which each
/// entry points to the one before it of the same subscription. A subscription that is told of much pushes out those
/// of others sooner, and none grows.
/// </summary>
public sealed class DeliveryLog
{
    private readonly Lock gate = new();
    private readonly (Guid Subscription, DeliveryAttempt Attempt, long Before)[] ring = new (
        Guid,
        DeliveryAttempt,
        long
    )[DeliveryLimits.DeliveriesKept];
    private readonly Dictionary<Guid, long> latest = [];
    private long next = 1;

    /// <summary>Told of each delivery once it is noted, on the dispatcher's thread; must not block.</summary>
    internal Action<Guid, DeliveryAttempt>? Added { get; set; }

    /// <summary>The latest deliveries of a subscription, newest first.</summary>
    public IReadOnlyList<DeliveryAttempt> Of(Guid subscriptionId, int countMax)
    {
        var found = new List<DeliveryAttempt>();
        lock (gate)
        {
            var number = latest.GetValueOrDefault(subscriptionId);
            while (number > 0 && number > next - 1 - ring.Length && found.Count < countMax)
            {
                var (_, delivery, before) = ring[number % ring.Length];
                found.Add(delivery);
                number = before;
            }
        }
        return found;
    }

    internal void Add(Guid subscriptionId, DeliveryAttempt delivery)
    {
        lock (gate)
        {
            ref var slot = ref ring[next % ring.Length];
            if (slot.Attempt is not null && latest.GetValueOrDefault(slot.Subscription) == next - ring.Length)
            {
                latest.Remove(slot.Subscription);
            }
            slot = (subscriptionId, delivery, latest.GetValueOrDefault(subscriptionId));
            latest[subscriptionId] = next++;
        }
        Added?.Invoke(subscriptionId, delivery);
    }
}
