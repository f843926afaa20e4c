namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// How long to wait after a failure: twice as long each time, and of that a random half, so that the receivers of one
/// host that was down do not all come back to it at the same moment.
/// </summary>
internal sealed class RetryDelays(Random random)
{
    /// <summary>After so many failures without a success; at least 1.</summary>
    public TimeSpan After(int failures)
    {
        var doublings = Math.Min(failures - 1, 30);
        var longest = Math.Min(DeliveryLimits.RetryDelayFirst.Ticks << doublings, DeliveryLimits.RetryDelayMax.Ticks);
        return new TimeSpan(longest / 2 + random.NextInt64(longest / 2 + 1));
    }
}
