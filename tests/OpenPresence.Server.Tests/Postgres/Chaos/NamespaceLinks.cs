using System.ComponentModel;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// PostgreSQL in a network namespace of its own, a cable from each node to it. A cut cable drops packets and says nothing:
/// both ends have to find out for themselves, as with a broken switch. A slow one delays them, or, where the kernel has no
/// <c>netem</c>, has a loose contact.
/// </summary>
internal sealed class NamespaceLinks : ILinks
{
    private static int made;

    private readonly int number = Interlocked.Increment(ref made);
    private readonly string name;
    private readonly Dictionary<int, LooseContact> loose = [];
    private int[] ports = [];
    private int nodes;

    private NamespaceLinks() => name = $"openpresence-{Environment.ProcessId}-{number}";

    public IReadOnlyList<string> Within => ["ip", "netns", "exec", name];

    public bool CanDelay { get; private set; }

    /// <summary>Null where namespaces may not be made.</summary>
    public static async Task<NamespaceLinks?> TryMakeAsync()
    {
        var links = new NamespaceLinks();
        if (!await WorksAsync("ip", "netns", "add", links.name))
        {
            return null;
        }
        string[] tried = ["tc", "-n", links.name, "qdisc", "replace", "dev", "lo", "root", "netem"];
        links.CanDelay = await WorksAsync([.. tried, "delay", "0ms"]);
        await RunAsync("ip", "-n", links.name, "link", "set", "lo", "up");
        return links;
    }

    public async Task OpenAsync(int nodes, IReadOnlyList<int> ports)
    {
        this.nodes = nodes;
        this.ports = [.. ports];
        for (var node = 0; node < nodes; node++)
        {
            var (near, far) = (Near(node), Far(node));
            await RunAsync("ip", "link", "add", near, "type", "veth", "peer", "name", far);
            await RunAsync("ip", "link", "set", far, "netns", name);
            await RunAsync("ip", "addr", "add", $"{Address(node, 1)}/30", "dev", near);
            await RunAsync("ip", "link", "set", near, "up");
            await RunAsync("ip", "-n", name, "addr", "add", $"{Address(node, 2)}/30", "dev", far);
            await RunAsync("ip", "-n", name, "link", "set", far, "up");
        }
    }

    public IEnumerable<string> Endpoints(int node) => ports.Select(port => $"{Address(node, 2)}:{port}");

    public Task CutAsync(int node) => SwitchAsync(node, "down");

    public async Task SlowAsync(int node, TimeSpan by)
    {
        if (CanDelay)
        {
            await DelayAsync(node, $"{by.TotalMilliseconds / 2:F0}ms");
            return;
        }
        loose[node] = new LooseContact(isOn => SwitchAsync(node, isOn ? "up" : "down"), by);
    }

    public async Task HealAsync(int node)
    {
        if (loose.Remove(node, out var contact))
        {
            await contact.DisposeAsync();
        }
        await SwitchAsync(node, "up");
        if (CanDelay)
        {
            await DelayAsync(node, "0ms");
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var contact in loose.Values)
        {
            await contact.DisposeAsync();
        }
        for (var node = 0; node < nodes; node++)
        {
            await RunAsync("ip", "link", "del", Near(node)); // the far end goes with it
        }
        await RunAsync("ip", "netns", "del", name);
    }

    /// <summary>The far end loses its cable; the near end sees nothing come back.</summary>
    private Task<string> SwitchAsync(int node, string upOrDown) =>
        RunAsync("ip", "-n", name, "link", "set", Far(node), upOrDown);

    private async Task DelayAsync(int node, string eachWay)
    {
        string[] netem = ["root", "netem", "delay", eachWay];
        await RunAsync(["tc", "qdisc", "replace", "dev", Near(node), .. netem]);
        await RunAsync(["tc", "-n", name, "qdisc", "replace", "dev", Far(node), .. netem]);
    }

    // Names of interfaces have 15 characters at most.
    private string Near(int node) => $"op{Environment.ProcessId}n{number}{node}";

    private string Far(int node) => $"op{Environment.ProcessId}f{number}{node}";

    /// <summary>Of the networks that are set apart for measurements of networks; not those of others that run now.</summary>
    private string Address(int node, int end)
    {
        const int NodesMax = 8;
        var host = (((number / 2 * NodesMax) + node) * 4 % 256) + end;
        return $"198.{18 + (number % 2)}.{Environment.ProcessId % 256}.{host}";
    }

    private static async Task<bool> WorksAsync(params string[] line)
    {
        try
        {
            await RunAsync(line);
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or Win32Exception)
        {
            return false;
        }
    }

    private static Task<string> RunAsync(params string[] line) => PostgresPrograms.RunAsync(line);
}
