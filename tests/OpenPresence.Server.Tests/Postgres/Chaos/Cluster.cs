using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Tests.Clients;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// Nodes that share one journal: real processes, a real PostgreSQL with a standby that every commit waits for, and links
/// between them that can fail. All of it can.
/// </summary>
internal sealed partial class Cluster : IAsyncDisposable
{
    public const int People = 24;
    private const int SaidCharsMax = 4_000;
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan DeadFor = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly ILinks links;
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("openpresence-cluster-").FullName;
    private readonly int[] ports = PostgresServer.FreePorts(2);
    private PostgresServer primary = null!;
    private PostgresServer? standby;

    private Cluster(ILinks links) => this.links = links;

    public List<ServerProcess> Nodes { get; } = [];

    /// <summary>
    /// How often a node lost or took duties, or a receiver did not take what it was sent, as the nodes say. On a busy machine
    /// that happens without any fault, and then states may go untold, and some are told twice.
    /// </summary>
    public int Disturbances => Nodes.Sum(node => Disturbed().Count(node.Said()));

    /// <summary>How many partitions a node holds, as its /health/ready says.</summary>
    public static int HeldOf(string report) =>
        int.Parse(HeldSaid().Match(report).Groups["held"].Value, CultureInfo.InvariantCulture);

    /// <summary>Of the person of a number.</summary>
    public static string Person(int number) => $"c4a05000-0000-0000-0000-{number:x12}";

    /// <summary>Starts PostgreSQL, its standby, and the nodes, one after the other; returns when they have shared the work.</summary>
    /// <param name="nodes">How many.</param>
    /// <param name="isDurable">Whether PostgreSQL flushes what it commits.</param>
    /// <param name="links">What lies between; null: networks of their own where they may be made.</param>
    public static async Task<Cluster> StartAsync(int nodes, bool isDurable = true, ILinks? links = null)
    {
        SharedPostgres.Want();
        var cluster = new Cluster(links ?? await NamespaceLinks.TryMakeAsync() ?? (ILinks)new ProxyLinks());
        try
        {
            await cluster.OpenAsync(nodes, isDurable);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends a node as a power cut would, and starts it again.</summary>
    public async Task KillNodeAsync(int node)
    {
        Nodes[node].Kill();
        await PassAsync(DeadFor);
        await Nodes[node].InitializeAsync();
    }

    /// <summary>Cuts a node off from PostgreSQL for a while.</summary>
    public async Task CutAsync(int node, TimeSpan time)
    {
        await links.CutAsync(node);
        await PassAsync(time);
        await links.HealAsync(node);
    }

    /// <summary>Makes a node's way to PostgreSQL slow for a while.</summary>
    public async Task SlowAsync(int node, TimeSpan by, TimeSpan time)
    {
        await links.SlowAsync(node, by);
        await PassAsync(time);
        await links.HealAsync(node);
    }

    /// <summary>Ends PostgreSQL, in good order or as a power cut would, and starts it again.</summary>
    public async Task RestartPostgresAsync(bool isKilled)
    {
        await (isKilled ? primary.KillAsync() : primary.StopAsync());
        await primary.StartAgainAsync();
        await primary.InSyncAsync();
    }

    /// <summary>Loses PostgreSQL for good; its standby takes over, and a new standby its old place.</summary>
    public async Task FailOverAsync()
    {
        var lost = primary;
        await lost.KillAsync();
        await standby!.PromoteAsync();
        (primary, standby) = (standby, null);
        await lost.DisposeAsync();
        standby = await primary.StartStandbyAsync(isSynchronous: true, lost.Port);
    }

    /// <summary>Waits until every node says that it is ready.</summary>
    public async Task ReadyAsync()
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(QuietMax);
        foreach (var node in Nodes)
        {
            while (await FaultOfAsync(client, node) is { } fault)
            {
                Assert.False(limit.IsCancellationRequested, $"{node.Http}: {fault}\n{LastWords()}");
                await Task.Delay(LookAgainAfter, CancellationToken.None);
            }
        }
    }

    /// <summary>What the nodes said last.</summary>
    public string LastWords() =>
        string.Join(
            "\n--\n",
            Nodes.Select(node => node.Said() is { Length: > SaidCharsMax } said ? said[^SaidCharsMax..] : node.Said())
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.DisposeAsync();
        }
        if (standby is not null)
        {
            await standby.DisposeAsync();
        }
        if (primary is not null)
        {
            await primary.DisposeAsync();
        }
        await links.DisposeAsync();
        System.IO.Directory.Delete(folder, recursive: true);
    }

    private async Task OpenAsync(int nodes, bool isDurable)
    {
        var settings = new PostgresSettings { IsDurable = isDurable, Within = links.Within };
        primary = await PostgresServer.StartAsync(settings, ports[0]);
        await primary.SqlAsync($"create database openpresence owner {PostgresServer.Role}");
        standby = await primary.StartStandbyAsync(isSynchronous: true, ports[1]);
        await links.OpenAsync(nodes, ports);
        var seed = Path.Combine(folder, "seed.json");
        await File.WriteAllTextAsync(seed, Seed());
        for (var node = 0; node < nodes; node++)
        {
            var process = new ServerProcess
            {
                Arguments =
                [
                    "--journal",
                    Journal(node),
                    "--node-name",
                    $"node-{node}",
                    "--keys",
                    Path.Combine(folder, "keys"),
                    "--seed",
                    seed,
                    "--throttle-limit",
                    "10000000",
                ],
            };
            Nodes.Add(process);
            await process.InitializeAsync();
        }
        await SharedAsync();
    }

    /// <summary>
    /// Waits until each node has its share of the subscriptions. Before that some of them change hands, and who takes one over
    /// tells of people as they are then, not of each step.
    /// </summary>
    private async Task SharedAsync()
    {
        using var client = new HttpClient();
        using var limit = new CancellationTokenSource(QuietMax);
        while (
            await HeldAsync(client) is var held
            && (held.Sum() < Partitions.Count || held.Max() > Shares.Of(Nodes.Count))
        )
        {
            Assert.False(limit.IsCancellationRequested, $"{string.Join(' ', held)}\n{LastWords()}");
            await Task.Delay(LookAgainAfter, CancellationToken.None);
        }
    }

    /// <summary>How many partitions each node says that it holds.</summary>
    private async Task<int[]> HeldAsync(HttpClient client)
    {
        var held = new List<int>();
        foreach (var node in Nodes)
        {
            var said = await client.GetStringAsync(new Uri(node.Http, "/health/ready"));
            held.Add(HeldOf(said));
        }
        return [.. held];
    }

    [GeneratedRegex(@"^duties: (?<held>\d+) of ", RegexOptions.Multiline)]
    private static partial Regex HeldSaid();

    [GeneratedRegex("All duties end|Took \\d+ partitions|Gave up \\d+|did not take notifications|answers slowly")]
    private static partial Regex Disturbed();

    private string Journal(int node) =>
        $"Host={string.Join(',', links.Endpoints(node))};Database=openpresence;"
        + $"Username={PostgresServer.Role};Password={PostgresServer.Password}";

    /// <summary>The people, and an application that may read and write all of them.</summary>
    public static string Seed() =>
        JsonSerializer.Serialize(
            new
            {
                tenants = new[]
                {
                    new
                    {
                        id = ServerProcess.TenantId,
                        displayName = "Chaos",
                        domains = new[] { "contoso.example" },
                        applications = new[]
                        {
                            new
                            {
                                clientId = ServerProcess.ClientId,
                                displayName = "Chaos",
                                secrets = new[] { ServerProcess.Secret },
                                applicationPermissions = new[] { "Presence.Read.All", "Presence.ReadWrite.All" },
                            },
                        },
                        ids = Enumerable.Range(0, People).Select(Person),
                    },
                },
            }
        );

    /// <summary>Lets a fault last; ends early when the test does.</summary>
    private static Task PassAsync(TimeSpan time) => Task.Delay(time, TestContext.Current.CancellationToken);

    private static async Task<string?> FaultOfAsync(HttpClient client, ServerProcess node)
    {
        try
        {
            using var answer = await client.GetAsync(new Uri(node.Http, "/health/ready"));
            return answer.IsSuccessStatusCode ? null : await answer.Content.ReadAsStringAsync();
        }
        catch (HttpRequestException e)
        {
            return e.Message;
        }
    }
}
