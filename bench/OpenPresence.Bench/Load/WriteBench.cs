using System.Net.Http.Headers;
using System.Net.Http.Json;
using OpenPresence.Bench.Board;

namespace OpenPresence.Bench.Load;

/// <summary>
/// setPresence over HTTP, durable when it is answered, by 1, 64 and 512 callers: against the ceiling that gets the
/// same requests and keeps nothing, and against the node alone, in the same process and on the same disk. The
/// last case is the heartbeat: a renewal that nobody sees.
/// </summary>
public static class WriteBench
{
    private const int People = 4_096;
    private const int HeartbeatCallers = 64;
    private static readonly int[] Callers = [1, 64, 512];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan NodeWarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NodeTurn = TimeSpan.FromSeconds(2);

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, options.People, cancel);
        await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
        var requests = directory.Sub("requests");
        await PrepareAsync(server, requests, options.People, cancel);
        await using var ceiling = await LoadedProcess.StartCeilingAsync(requests, cancel);
        var results = new List<BenchResult>();
        foreach (var callers in Callers)
        {
            var load = new Wrk("write.lua", requests, callers);
            var compared = await new Comparison($"write-{callers}", $"write-{callers}-ceiling", load)
            {
                WarmUp = WarmUp,
                Turn = Turn,
            }.RunAsync(server, ceiling, options.RoundsWithoutBar, cancel);
            results.AddRange(compared);
            var alone = await NodeAsync(directory.Sub("node"), callers);
            results.Add(
                new(
                    $"write-{callers}-of-node",
                    alone,
                    "writes/s",
                    compared[0].Value / alone,
                    "the node alone, on two processors"
                )
            );
        }
        var heartbeat = new Wrk("write.lua", requests, HeartbeatCallers) { IsHeartbeat = true };
        results.AddRange(
            await new Comparison("heartbeat-64", "heartbeat-64-ceiling", heartbeat)
            {
                WarmUp = WarmUp,
                Turn = Turn,
            }.RunAsync(server, ceiling, options.RoundsWithoutBar, cancel)
        );
        return results;
    }

    private static async Task<double> NodeAsync(string directory, int callers)
    {
        Directory.Delete(directory, recursive: true);
        await using var node = await NodeTarget.OpenAsync(directory);
        await node.RunAsync(callers, NodeWarmUp);
        return await node.RunAsync(callers, NodeTurn);
    }

    private static async Task PrepareAsync(LoadedProcess server, string requests, int people, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var token = await Tokens.GetAsync(client, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var random = new Random(1);
        var ids = Enumerable.Range(0, People).Select(_ => BenchIds.Person(random.Next(people)).ToString()).ToArray();
        await File.WriteAllTextAsync(Path.Combine(requests, "token"), token, cancel);
        await File.WriteAllTextAsync(Path.Combine(requests, "application"), $"{Population.ClientId}", cancel);
        await File.WriteAllLinesAsync(Path.Combine(requests, "writers"), ids, cancel);
        await RecordedAnswer.RecordAsync(
            client,
            new HttpRequestMessage(HttpMethod.Post, $"/v1.0/users/{ids[0]}/presence/setPresence")
            {
                Content = JsonContent.Create(
                    new
                    {
                        sessionId = Population.ClientId,
                        availability = "Busy",
                        activity = "InACall",
                        expirationDuration = "PT1H",
                    }
                ),
            },
            Path.Combine(requests, "setPresence.json"),
            cancel
        );
    }
}
