using System.Diagnostics.Metrics;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.Streaming;

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

    public ServerMeters(
        NodeState state,
        IJournal journal,
        IDuties duties,
        LiveFanOut live,
        HealthEndpoints health,
        object scope
    )
    {
        meter = new Meter(new MeterOptions(MeterName) { Scope = scope });
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
            () => live.Open,
            "{stream}",
            "Live streams that are open."
        );
        meter.CreateObservableCounter(
            "openpresence.journal.entries",
            () => state.Position,
            "{entry}",
            "Entries of the journal that were applied, since it began: every write, and every tick of the clock."
        );
        AddShared(journal, duties);
        meter.CreateObservableGauge(
            "openpresence.ready",
            () => health.Fault is null ? 1 : 0,
            null,
            "1 while /health/ready answers 200, else 0."
        );
    }

    /// <summary>What only tells something where several nodes share a journal.</summary>
    private void AddShared(IJournal journal, IDuties duties)
    {
        meter.CreateObservableGauge(
            "openpresence.journal.lag.entries",
            () => journal.Lag.Entries,
            null,
            "Entries that other nodes appended and this one has not read."
        );
        meter.CreateObservableGauge(
            "openpresence.journal.lag",
            () => journal.Lag.Time.TotalSeconds,
            "s",
            "Since when this node has not known the end of the journal; 0 while it does."
        );
        meter.CreateObservableUpDownCounter(
            "openpresence.nodes",
            () => duties.Nodes,
            "{node}",
            "Nodes on the same journal, itself included; 0 while nobody can say."
        );
        meter.CreateObservableUpDownCounter(
            "openpresence.duties.partitions",
            () => Enumerable.Range(0, Partitions.Count).Count(partition => duties.TermOf(partition) != 0),
            "{partition}",
            "Partitions of the subscriptions that this node delivers; 256 over all nodes."
        );
        meter.CreateObservableGauge(
            "openpresence.duties.ticks",
            () => duties.Ticks ? 1 : 0,
            null,
            "1 on the node that carries time on, else 0."
        );
    }

    /// <inheritdoc />
    public void Dispose() => meter.Dispose();
}
