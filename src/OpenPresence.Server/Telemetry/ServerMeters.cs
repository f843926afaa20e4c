using System.Diagnostics.Metrics;
using OpenPresence.Server.Hosting;

namespace OpenPresence.Server.Telemetry;

/// <summary>
/// What the server knows of itself without counting: read from the state that is there when somebody asks, and free until
/// then.
/// </summary>
internal sealed class ServerMeters : IDisposable
{
    /// <summary>The name to listen to.</summary>
    public const string MeterName = "OpenPresence.Server";

    private readonly Meter meter;

    public ServerMeters(ServerParts parts, object scope)
    {
        meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
        var state = parts.Node.State;
        meter.CreateObservableUpDownCounter(
            "openpresence.people",
            () => state.Board.People,
            "{person}",
            "People who have a presence."
        );
        meter.CreateObservableUpDownCounter(
            "openpresence.tenants",
            () => state.Directory.Tenants.Count,
            "{tenant}",
            "Tenants."
        );
        meter.CreateObservableUpDownCounter(
            "openpresence.subscriptions",
            () => state.Subscriptions.Count,
            "{subscription}",
            "Subscriptions to change notifications."
        );
        meter.CreateObservableUpDownCounter(
            "openpresence.live.streams",
            () => parts.Live.Open,
            "{stream}",
            "Live streams that are open."
        );
        meter.CreateObservableCounter(
            "openpresence.journal.entries",
            () => state.Position,
            "{entry}",
            "Entries of the journal that were applied, since it began: every write, and every tick of the clock."
        );
        meter.CreateObservableGauge(
            "openpresence.ready",
            () => HealthEndpoints.FaultOf(parts) is null ? 1 : 0,
            null,
            "1 while /health/ready answers 200, else 0."
        );
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
