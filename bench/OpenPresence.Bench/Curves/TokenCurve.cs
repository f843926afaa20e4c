using System.Net.Http.Headers;
using OpenPresence.Bench.Load;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Bench.Curves;

/// <summary>
/// Reads with 1 to 10,000 different tokens by turns, all of which the server has seen; and apart from that what a token
/// costs that it sees for the first time, and what remembering one takes.
/// </summary>
public static class TokenCurve
{
    /// <summary>Requests under way at once while each token is shown for the first time.</summary>
    private const int Callers = 16;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(
        ServerAndCeiling bench,
        IReadOnlyList<int> counts,
        CancellationToken cancel
    )
    {
        var most = counts.Max();
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = Callers };
        using var client = new HttpClient(handler) { BaseAddress = bench.Server.Address };
        var ids = await File.ReadAllLinesAsync(Path.Combine(bench.Requests, "ids"), cancel);
        var tokens = new string[most];
        await ForEachAsync(most, async i => tokens[i] = await Tokens.GetAsync(client, cancel));
        await File.WriteAllLinesAsync(Path.Combine(bench.Requests, "tokens"), tokens, cancel);

        var first = await ShowAsync(bench, client, tokens, ids, cancel);
        var again = await ShowAsync(bench, client, tokens, ids, cancel);
        var results = new List<BenchResult>
        {
            new("token-first", first, "us/request", first / again, "the same requests again"),
            new("token-again", again, "us/request", null, null),
            new("bytes-per-token", BytesOf(tokens), "B", null, null),
        };
        foreach (var count in counts)
        {
            var load = bench.Single(ReadBench.SingleConnections) with { Tokens = count };
            results.AddRange(await CurvesBench.CompareAsync(bench, $"single-tokens-{count}", load, cancel));
        }
        return results;
    }

    /// <summary>What remembering one takes, with its caller; in this process, where everything else stands still.</summary>
    private static double BytesOf(string[] tokens)
    {
        var cache = new TokenCache(new AuthOptions(), TimeProvider.System);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var token in tokens)
        {
            var caller = new Caller(
                Population.TenantId,
                null,
                Population.ClientId,
                CallerKind.Application,
                ["Presence.Read.All", "Presence.ReadWrite.All"],
                new Access[Enum.GetValues<Operation>().Length],
                TimeProvider.System.GetUtcNow().AddHours(1)
            );
            cache.Add(token, caller, cache.Generation);
        }
        var grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(cache);
        return (double)grown / tokens.Length;
    }

    /// <summary>Shows each token once; the server's processor time for a request.</summary>
    private static async Task<double> ShowAsync(
        ServerAndCeiling bench,
        HttpClient client,
        string[] tokens,
        string[] ids,
        CancellationToken cancel
    )
    {
        var before = bench.Server.ProcessorTime;
        await ForEachAsync(
            tokens.Length,
            async i =>
            {
                using var request = new HttpRequestMessage(
                    HttpMethod.Get,
                    $"/v1.0/users/{ids[i % ids.Length]}/presence"
                );
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", tokens[i]);
                using var answer = await client.SendAsync(request, cancel);
                answer.EnsureSuccessStatusCode();
            }
        );
        return (bench.Server.ProcessorTime - before).TotalMicroseconds / tokens.Length;
    }

    private static Task ForEachAsync(int count, Func<int, Task> act) =>
        Parallel.ForEachAsync(
            Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = Callers },
            async (i, _) => await act(i)
        );
}
