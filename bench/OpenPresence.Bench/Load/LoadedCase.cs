using System.Net.Http.Headers;

namespace OpenPresence.Bench.Load;

/// <summary>
/// A case with requests of its own, and a ceiling that answers every one of them as the server answered the first.
/// </summary>
/// <param name="Name">What its figures are called.</param>
/// <param name="Script">The script that sends the lines.</param>
/// <param name="File">What the script calls the file with the lines.</param>
/// <param name="Lines">A path or a body each.</param>
/// <param name="Connections">How many are kept busy.</param>
/// <param name="First">The first request again, as the harness sends it.</param>
internal sealed record LoadedCase(
    string Name,
    string Script,
    string File,
    IReadOnlyList<string> Lines,
    int Connections,
    Func<HttpRequestMessage> First
)
{
    /// <summary>Random requests of a case: so many that what they name does not stay in a cache together.</summary>
    public const int RequestsMax = 16_384;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(1);

    public async Task<IReadOnlyList<BenchResult>> RunAsync(
        LoadedProcess server,
        string token,
        string folder,
        int rounds,
        CancellationToken cancel
    )
    {
        await System.IO.File.WriteAllTextAsync(Path.Combine(folder, "token"), token, cancel);
        await System.IO.File.WriteAllLinesAsync(Path.Combine(folder, File), Lines, cancel);
        using var client = new HttpClient { BaseAddress = server.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        client.DefaultRequestHeaders.Add("ConsistencyLevel", "eventual");
        var answer = Path.Combine(folder, Ceiling.AnyPath + ".json");
        await RecordedAnswer.RecordAsync(client, First(), answer, cancel);
        await using var ceiling = await LoadedProcess.StartCeilingAsync(folder, cancel);
        return await new Comparison(Name, Name + "-ceiling", new Wrk(Script, folder, Connections))
        {
            WarmUp = WarmUp,
            Turn = Turn,
        }.RunAsync(server, ceiling, rounds, cancel);
    }
}
