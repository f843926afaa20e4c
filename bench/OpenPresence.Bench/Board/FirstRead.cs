using System.Diagnostics;
using System.Net.Http.Headers;
using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Board;

/// <summary>
/// How long the first caller waits for a presence, right after a start: on a connection that is open, with a token that
/// the server has not seen. On an empty server that is the answer that there is nobody; it takes the same way.
/// </summary>
internal static class FirstRead
{
    public static async Task<TimeSpan> TakeAsync(LoadedProcess server, CancellationToken cancel)
    {
        using var client = new HttpClient { BaseAddress = server.Address };
        var token = await Tokens.GetAsync(client, cancel);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var begun = Stopwatch.GetTimestamp();
        using var answer = await client.GetAsync($"/v1.0/users/{BenchIds.Person(1)}/presence", cancel);
        await answer.Content.CopyToAsync(Stream.Null, cancel);
        return Stopwatch.GetElapsedTime(begun);
    }
}
