using System.Globalization;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Cluster;

/// <summary>This node as one of several that share a database: its duties, and what it knows of the others.</summary>
internal sealed class Membership : IAsyncDisposable
{
    private readonly KeyAgreement keys;
    private readonly IJournal journal;
    private readonly Node node;
    private readonly string name;

    private Membership(SharedDuties duties, KeyAgreement keys, IJournal journal, Node node, string name) =>
        (Duties, this.keys, this.journal, this.node, this.name) = (duties, keys, journal, node, name);

    /// <summary>What it does for all.</summary>
    public SharedDuties Duties { get; }

    /// <summary>Joins the others, for a node that has loaded its state.</summary>
    public static async Task<Membership> JoinAsync(
        Database database,
        ServerOptions options,
        Node node,
        PostgresJournal journal,
        SigningKeys signing,
        TimeProvider time,
        ILogger log,
        CancellationToken cancel
    )
    {
        var called = options.NodeName ?? Environment.MachineName;
        var agreement = new KeyAgreement(signing, log);
        var hashes = new StateHashTable(database);
        node.HashTold = (hash, cancelled) => hashes.TellAsync(journal.Node, hash, cancelled);
        var duties = await SharedDuties.StartAsync(
            database,
            () =>
                new NodeCard(journal.Node, called, Rules.NewestVersion, signing.CurrentId, node.State.Position)
                {
                    Keys = signing.Names,
                },
            agreement.Compare,
            time,
            log,
            cancel
        );
        return new Membership(duties, agreement, journal, node, called);
    }

    /// <summary>What /health/ready says beyond yes or no: a line for each thing.</summary>
    public string Report()
    {
        var view = Duties.View;
        var others = view.Live.Select(one => one.Name).Order(StringComparer.Ordinal);
        var lag = journal.Lag;
        return string.Create(
                CultureInfo.InvariantCulture,
                $"""
                node: {name}
                nodes: {view.Live.Count} ({string.Join(", ", others)})
                duties: {Duties.PartitionsHeld} of {Partitions.Count} partitions{(
                    Duties.Ticks ? ", ticks" : ""
                )}
                journal: at {node.State.Position}, {lag.Entries} entries and {(long)
                    lag.Time.TotalMilliseconds} ms behind

                """
            )
            + (Duties.Fault is { } lost ? $"{lost}\n" : "")
            + (keys.Fault is { } strange ? $"{strange}\n" : "");
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync() => Duties.DisposeAsync();
}
