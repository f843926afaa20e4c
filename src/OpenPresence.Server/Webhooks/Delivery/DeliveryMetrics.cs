using System.Diagnostics.Metrics;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>What is counted of deliveries, for the listeners of the meter.</summary>
public sealed class DeliveryMetrics : IDisposable
{
    /// <summary>The name to listen to.</summary>
    public const string MeterName = "OpenPresence.Delivery";

    private readonly Meter meter;

    /// <param name="scope">Which server it is of; null: that does not matter.</param>
    public DeliveryMetrics(object? scope)
    {
        meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
        Notifications = meter.CreateCounter<long>(
            "openpresence.notifications.accepted",
            "{notification}",
            "Notifications that their receivers took."
        );
        Posts = meter.CreateCounter<long>("openpresence.notification.posts", "{post}", "Attempts, by outcome.");
        Took = meter.CreateHistogram<double>(
            "openpresence.notification.post.duration",
            "s",
            "How long receivers took to answer."
        );
        Coalesced = meter.CreateCounter<long>(
            "openpresence.notifications.coalesced",
            "{notification}",
            "Older states that a newer one took the place of."
        );
        Unheld = meter.CreateCounter<long>(
            "openpresence.notifications.unheld",
            "{notification}",
            "Notifications that were not kept in memory; the board makes them good."
        );
    }

    public Counter<long> Notifications { get; }

    public Counter<long> Posts { get; }

    public Histogram<double> Took { get; }

    public Counter<long> Coalesced { get; }

    public Counter<long> Unheld { get; }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
