using OpenPresence.Bench.Curves;
using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Peers;

/// <summary>
/// <c>bench peers</c>: the reads beside what people would build them from, each on the server's processor with its own or
/// our load on the other, in turns A B B A. What is not installed is left out and named.
/// </summary>
public static class PeersBench
{
    private const int GetsPerTurn = 200_000;
    private const int MgetsPerTurn = 4_000;
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        using var scratch = new TemporaryDirectory(); // what a peer keeps is not wanted a second time
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, options.People, cancel);
        await using var ours = await ServerAndCeiling.StartAsync(
            options,
            data,
            directory.Sub("requests"),
            options.People,
            cancel
        );
        var turns = new Turns(ours, options.RoundsWithoutBar, cancel);
        return
        [
            .. await OrNoneAsync("redis-server", () => RedisAsync(turns, options, cancel)),
            .. await OrNoneAsync("nginx", () => NginxAsync(turns, scratch.Sub("nginx"), cancel)),
            .. await OrNoneAsync("ejabberdctl", () => EjabberdAsync(turns, scratch.Sub("ejabberd"), cancel)),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> RedisAsync(
        Turns turns,
        BenchOptions options,
        CancellationToken cancel
    )
    {
        await using var redis = await RedisPeer.StartAsync(cancel);
        await RedisPeer.FillAsync(redis, options.People, cancel);
        Task<double> RunAsync(int keys, int connections, int commands) =>
            RedisPeer.RunAsync(redis, options.People, keys, connections, commands, cancel);
        return
        [
            await turns.RunAsync(
                "single-of-redis-get",
                ours => ours.Single(ReadBench.SingleConnections),
                () => RunAsync(1, ReadBench.SingleConnections, GetsPerTurn)
            ),
            await turns.RunAsync(
                "bulk-650-of-redis-mget",
                ours => ours.Bulk(ReadBench.BulkConnections),
                () => RunAsync(BulkIds.PerRequest, ReadBench.BulkConnections, MgetsPerTurn)
            ),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> NginxAsync(
        Turns turns,
        string folder,
        CancellationToken cancel
    )
    {
        var (single, bulk) = (turns.SizeOf("presence"), turns.SizeOf("getPresencesByUserId"));
        await using var nginx = await NginxPeer.StartAsync(folder, [single, bulk], cancel);
        async Task<double> RunAsync(int size, int connections)
        {
            var load = new Wrk("static.lua", folder, connections) { StaticFile = $"{size}" };
            return (await load.RunAsync(nginx, Turn, cancel)).RequestsPerSecond;
        }
        return
        [
            await turns.RunAsync(
                "single-of-nginx-static",
                ours => ours.Single(ReadBench.SingleConnections),
                () => RunAsync(single, ReadBench.SingleConnections)
            ),
            await turns.RunAsync(
                "bulk-650-of-nginx-static",
                ours => ours.Bulk(ReadBench.BulkConnections),
                () => RunAsync(bulk, ReadBench.BulkConnections)
            ),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> EjabberdAsync(
        Turns turns,
        string folder,
        CancellationToken cancel
    )
    {
        await using var ejabberd = await EjabberdPeer.StartAsync(folder, cancel);
        var load = new Wrk("ejabberd.lua", folder, ReadBench.SingleConnections);
        return
        [
            await turns.RunAsync(
                "single-of-ejabberd-get-presence",
                ours => ours.Single(ReadBench.SingleConnections),
                async () => (await load.RunAsync(ejabberd.Process, Turn, cancel)).RequestsPerSecond
            ),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> OrNoneAsync(
        string program,
        Func<Task<IReadOnlyList<BenchResult>>> run
    )
    {
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':');
        if (folders.Append("/usr/sbin").Any(folder => File.Exists(Path.Combine(folder, program))))
        {
            return await run();
        }
        Console.WriteLine($"  {program} is not installed: left out (make bench-peers installs it)");
        return [];
    }
}
