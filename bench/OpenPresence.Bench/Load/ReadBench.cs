using System.Net.Http.Headers;
using System.Text;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Reads over HTTP: one presence, and 650 in one call, by an application with a real bearer token, with
/// throttling on (its limit raised), against the ceiling that gets the same requests.
/// </summary>
public static class ReadBench
{
    private const int SingleConnections = 64;
    private const int BulkConnections = 16;
    private const int SingleIds = 16_384;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        BenchOptions options,
        CancellationToken cancel
    )
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, options.People, cancel);
        await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
        var requests = directory.Sub("requests");
        await PrepareAsync(server, requests, options.People, cancel);
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

    /// <summary>Writes what the load sends, and the server's own answers for the ceiling to give.</summary>
    private static async Task PrepareAsync(
        LoadedProcess server,
        string requests,
        int people,
        CancellationToken cancel
    )
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var token = await Tokens.GetAsync(client, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var random = new Random(1);
        var ids = Enumerable
            .Range(0, SingleIds)
            .Select(_ => BenchIds.Person(random.Next(people)))
            .ToArray();
        var bodies = new BulkIds(people).Bodies;
        await File.WriteAllTextAsync(Path.Combine(requests, "token"), token, cancel);
        await File.WriteAllLinesAsync(
            Path.Combine(requests, "ids"),
            ids.Select(id => id.ToString()),
            cancel
        );
        await File.WriteAllLinesAsync(
            Path.Combine(requests, "bodies"),
            bodies.Select(body => Encoding.UTF8.GetString(body)),
            cancel
        );
        await RecordedAnswer.RecordAsync(
            client,
            new HttpRequestMessage(HttpMethod.Get, $"/v1.0/users/{ids[0]}/presence"),
            Path.Combine(requests, "presence.json"),
            cancel
        );
        await RecordedAnswer.RecordAsync(
            client,
            new HttpRequestMessage(HttpMethod.Post, "/v1.0/communications/getPresencesByUserId")
            {
                Content = new ByteArrayContent(bodies[0])
                {
                    Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
                },
            },
            Path.Combine(requests, "getPresencesByUserId.json"),
            cancel
        );
    }
}
