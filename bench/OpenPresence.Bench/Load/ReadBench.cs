namespace OpenPresence.Bench.Load;

/// <summary>
/// Reads over HTTP: one presence, and 650 in one call, by an application with a real bearer token, with
/// throttling on (its limit raised), against the ceiling that gets the same requests.
/// </summary>
public static class ReadBench
{
    public const int SingleConnections = 64;
    public const int BulkConnections = 16;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, options.People, cancel);
        await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
        var requests = directory.Sub("requests");
        await ReadRequests.PrepareAsync(server, requests, options.People, cancel);
        await using var ceiling = await LoadedProcess.StartCeilingAsync(requests, cancel);
        var single = new Wrk("single.lua", requests, SingleConnections);
        var bulk = new Wrk("bulk.lua", requests, BulkConnections);
        return
        [
            .. await new Comparison("single", "single-ceiling", single).RunAsync(
                server,
                ceiling,
                options.Rounds,
                cancel
            ),
            .. await new Comparison("bulk-650", "bulk-650-ceiling", bulk).RunAsync(
                server,
                ceiling,
                options.Rounds,
                cancel
            ),
        ];
    }
}
