using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// The same without rights: each node reaches PostgreSQL through a proxy in the test. A cut connection stays silent, and is
/// broken off after as long as the kernel would keep it (<see cref="SilentFor"/>), since its own acknowledgements go on.
/// </summary>
internal sealed class ProxyLinks : ILinks
{
    private const int BufferBytes = 16 << 10;

    /// <summary>After this a peer that does not answer is given up, by the keepalives that the journal sets.</summary>
    private static readonly TimeSpan SilentFor = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource ended = new();
    private readonly List<(TcpListener Listener, Task Accepting)> doors = [];
    private readonly ConcurrentDictionary<int, State> states = new();
    private List<string>[] endpoints = [];
    private int delayed;
    private int silenced;

    public IReadOnlyList<string> Within => [];

    public bool CanDelay => true;

    /// <summary>How often something came later.</summary>
    public int Delayed => Volatile.Read(ref delayed);

    /// <summary>How often something was not let through.</summary>
    public int Silenced => Volatile.Read(ref silenced);

    public Task OpenAsync(int nodes, IReadOnlyList<int> ports)
    {
        endpoints = [.. Enumerable.Range(0, nodes).Select(_ => new List<string>())];
        for (var node = 0; node < nodes; node++)
        {
            states[node] = new State();
            foreach (var port in ports)
            {
                var listener = new TcpListener(IPAddress.Loopback, 0);
                listener.Start();
                endpoints[node].Add($"{listener.LocalEndpoint}");
                doors.Add((listener, AcceptAsync(listener, node, port)));
            }
        }
        return Task.CompletedTask;
    }

    public IEnumerable<string> Endpoints(int node) => endpoints[node];

    public Task CutAsync(int node) => SetAsync(node, new State { IsCut = true });

    public Task SlowAsync(int node, TimeSpan by) => SetAsync(node, new State { Delay = by / 2 });

    public Task HealAsync(int node) => SetAsync(node, new State());

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        foreach (var (listener, accepting) in doors)
        {
            listener.Dispose();
            await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        ended.Dispose();
    }

    private async Task SetAsync(int node, State state)
    {
        var before = states[node];
        states[node] = state;
        await before.Over.CancelAsync(); // those who wait look again
    }

    private async Task AcceptAsync(TcpListener listener, int node, int port)
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(ended.Token);
            _ = CarryAsync(client, node, port);
        }
    }

    private async Task CarryAsync(TcpClient client, int node, int port)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await PassAsync(node);
                await server.ConnectAsync(IPAddress.Loopback, port, ended.Token);
                var over = await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), node),
                    CopyAsync(server.GetStream(), client.GetStream(), node)
                );
                if (over.IsCompletedSuccessfully)
                {
                    await PassAsync(node); // that one end closed it is news, too
                }
            }
            catch (Exception e) when (IsEnd(e))
            {
                // Either end is gone, or the cable was cut for too long.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, int node)
    {
        var buffer = new byte[BufferBytes];
        while (await from.ReadAsync(buffer, ended.Token) is var count and > 0)
        {
            await PassAsync(node);
            await to.WriteAsync(buffer.AsMemory(0, count), ended.Token);
        }
    }

    /// <summary>Ends when something may go through; throws when that takes longer than anybody waits.</summary>
    private async Task PassAsync(int node)
    {
        if (states[node].Delay is var delay && delay > TimeSpan.Zero)
        {
            Interlocked.Increment(ref delayed);
            await Task.Delay(delay, ended.Token);
        }
        var state = states[node];
        if (state.IsCut)
        {
            Interlocked.Increment(ref silenced);
            await Task.Delay(SilentFor, state.Over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (states[node].IsCut)
            {
                throw new IOException("cut");
            }
        }
    }

    private static bool IsEnd(Exception e) =>
        e is IOException or SocketException or OperationCanceledException or ObjectDisposedException;

    private sealed class State
    {
        public bool IsCut { get; init; }

        public TimeSpan Delay { get; init; }

        /// <summary>Another state has come.</summary>
        public CancellationTokenSource Over { get; } = new();
    }
}
