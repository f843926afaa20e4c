using System.Diagnostics;
using System.Net.Http.Headers;
using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Mixed;

/// <summary>
/// <c>bench mixed</c>: whether memory stays where it is while everything goes on at once, for half a minute or, with
/// <c>--minutes 10</c>, for ten. The pace is fixed and far below what the server can do: a server that is driven to its limit
/// shows its queues, not its leaks.
/// </summary>
public static class MixedBench
{
    private const int OperationsPerSecond = 500;
    private const int UnderWayMax = 64;
    private const double MegaByte = 1e6;

    /// <summary>Of the whole time, so much goes by before the first look: caches and pools fill once.</summary>
    private const double SettlePart = 0.2;

    private static readonly TimeSpan SampleEvery = TimeSpan.FromSeconds(1);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, options.People, cancel);
        await using var server = await LoadedProcess.StartServerAsync(
            options,
            data,
            cancel,
            LoadedProcess.AllProcessors
        );
        await using var receiver = await WebhookSink.StartAsync(cancel);
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await Tokens.GetAsync(client, cancel)
        );
        var operations = new MixedOperations(client, receiver, options.People);
        var samples = await PaceAsync(server, operations, options.Minutes, cancel);
        var settled = samples.Where(s => s.At >= SettlePart).ToArray();
        var half = settled.Length / 2;
        var (first, second) = (
            Median.Of(settled[..half].Select(s => s.Bytes)),
            Median.Of(settled[half..].Select(s => s.Bytes))
        );
        return
        [
            new("mixed-resident", first / MegaByte, "MB", null, null),
            new("mixed-resident-later", second / MegaByte, "MB", second / first, "mixed-resident"),
            new("mixed-operations", operations.Done, "requests", null, null),
            new("mixed-notifications", receiver.Notifications, "notifications", null, null),
        ];
    }

    private static async Task<List<(double At, double Bytes)>> PaceAsync(
        LoadedProcess server,
        MixedOperations operations,
        double minutes,
        CancellationToken cancel
    )
    {
        var samples = new List<(double, double)>();
        var duration = TimeSpan.FromMinutes(minutes);
        var begun = Stopwatch.GetTimestamp();
        using var room = new SemaphoreSlim(UnderWayMax);
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / OperationsPerSecond));
        var sampledAt = TimeSpan.Zero;
        for (var number = 0; Stopwatch.GetElapsedTime(begun) < duration; number++)
        {
            await pace.WaitForNextTickAsync(cancel);
            await room.WaitAsync(cancel);
            _ = RunAsync(operations, number, room, cancel);
            var at = Stopwatch.GetElapsedTime(begun);
            if (at - sampledAt >= SampleEvery)
            {
                sampledAt = at;
                samples.Add((at / duration, server.ResidentBytes));
            }
        }
        for (var i = 0; i < UnderWayMax; i++)
        {
            await room.WaitAsync(cancel);
        }
        if (operations.Failure is { } failure)
        {
            throw new InvalidOperationException($"an operation failed: {failure}");
        }
        return samples;
    }

    private static async Task RunAsync(
        MixedOperations operations,
        int number,
        SemaphoreSlim room,
        CancellationToken cancel
    )
    {
        try
        {
            await operations.RunAsync(number, cancel);
        }
        finally
        {
            room.Release();
        }
    }
}
