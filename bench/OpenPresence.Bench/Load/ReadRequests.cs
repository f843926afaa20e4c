using System.Net.Http.Headers;
using System.Text;

namespace OpenPresence.Bench.Load;

/// <summary>What the scripts of the reads send, as files: a token, ids, bodies; and the answers for the ceiling.</summary>
public static class ReadRequests
{
    /// <summary>So many that their people do not stay in a cache together.</summary>
    private const int SingleIds = 16_384;

    /// <summary>Writes what the load sends, and the server's own answers for the ceiling to give.</summary>
    public static async Task PrepareAsync(LoadedProcess server, string requests, int people, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var token = await Tokens.GetAsync(client, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var random = new Random(1);
        var ids = Enumerable.Range(0, SingleIds).Select(_ => BenchIds.Person(random.Next(people))).ToArray();
        var bodies = new BulkIds(people).Bodies;
        await File.WriteAllTextAsync(Path.Combine(requests, "token"), token, cancel);
        await File.WriteAllLinesAsync(Path.Combine(requests, "ids"), ids.Select(id => id.ToString()), cancel);
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
