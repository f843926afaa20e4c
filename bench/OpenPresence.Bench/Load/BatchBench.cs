using System.Net.Http.Headers;
using System.Text;

namespace OpenPresence.Bench.Load;

/// <summary>
/// 20 reads of a presence in one <c>$batch</c>, against the ceiling that answers the same bytes, and against the same
/// reads one by one: what of a batch is left of the time that its single requests would take.
/// </summary>
public static class BatchBench
{
    private const int PerBatch = 20;
    private const int Batches = 1_024;
    private const int Connections = 16;
    private const int SingleConnections = 64;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("data");
        await Population.EnsureAsync(data, options.People, cancel);
        await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
        using var client = new HttpClient { BaseAddress = server.Address };
        var token = await Tokens.GetAsync(client, cancel);
        var random = new Random(1);
        var bodies = Enumerable.Range(0, Batches).Select(_ => Body(random, options.People)).ToList();
        var batch = await new LoadedCase(
            "batch-20",
            "batch.lua",
            "bodies",
            bodies,
            Connections,
            () => Post(bodies[0])
        ).RunAsync(server, token, directory.Sub("batch"), options.RoundsWithoutBar, cancel);
        var paths = Enumerable
            .Range(0, LoadedCase.RequestsMax)
            .Select(_ => "/v1.0" + PathOf(random, options.People))
            .ToList();
        var single = await new LoadedCase(
            "batch-of-one-by-one",
            "get.lua",
            "paths",
            paths,
            SingleConnections,
            () => new HttpRequestMessage(HttpMethod.Get, paths[0])
        ).RunAsync(server, token, directory.Sub("single"), options.RoundsWithoutBar, cancel);
        var reads = batch[0].Value * PerBatch;
        return [.. batch, .. single, new("batch-20-reads", reads, "reads/s", reads / single[0].Value, single[0].Name)];
    }

    private static string PathOf(Random random, int people) =>
        $"/users/{BenchIds.Person(random.Next(people))}/presence";

    private static string Body(Random random, int people)
    {
        var requests = Enumerable
            .Range(1, PerBatch)
            .Select(id => $$"""{"id":"{{id}}","method":"GET","url":"{{PathOf(random, people)}}"}""");
        return $$"""{"requests":[{{string.Join(',', requests)}}]}""";
    }

    private static HttpRequestMessage Post(string body) =>
        new(HttpMethod.Post, "/v1.0/$batch")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
}
