using System.Text.Json;

namespace OpenPresence.Bench.Load;

/// <summary>
/// An answer of the server under test, for the ceiling to give: the same headers, the same bytes. Recorded
/// and not written down here, so that it cannot be another than what is measured.
/// </summary>
public sealed record RecordedAnswer(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Headers that Kestrel sets itself, for both.</summary>
    private static readonly string[] OfKestrel = ["Date", "Server", "Content-Length", "Transfer-Encoding"];

    public static async Task RecordAsync(
        HttpClient client,
        HttpRequestMessage request,
        string file,
        CancellationToken cancel
    )
    {
        using var answer = await client.SendAsync(request, cancel);
        answer.EnsureSuccessStatusCode();
        var headers = answer
            .Headers.Concat(answer.Content.Headers)
            .Where(h => !OfKestrel.Contains(h.Key, StringComparer.OrdinalIgnoreCase))
            .ToDictionary(h => h.Key, h => string.Join(", ", h.Value), StringComparer.Ordinal);
        var recorded = new RecordedAnswer(headers, await answer.Content.ReadAsByteArrayAsync(cancel));
        await File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(recorded), cancel);
    }

    public static RecordedAnswer Load(string file) =>
        JsonSerializer.Deserialize<RecordedAnswer>(File.ReadAllBytes(file))!;
}
