using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.Tests.Graph;

/// <summary>Whether an answer is what the refusal table says of a kind: its status, its code and its message.</summary>
internal static partial class Refused
{
    /// <summary>The answer's error, for what else it must say.</summary>
    public static async Task<JsonNode> WithAsync(RefusalKind kind, Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return With(kind, (int)answer.StatusCode, JsonNode.Parse(body)!);
    }

    /// <summary>The same for a request of a batch.</summary>
    public static JsonNode With(RefusalKind kind, int status, JsonNode body)
    {
        var row = RefusalTable.For(kind);
        var error = body["error"]!;
        Assert.Equal((row.Status, row.Code), (status, (string?)error["code"]));
        Assert.Matches(Pattern(row), (string?)error["message"]);
        return error;
    }

    /// <summary>
    /// Which kind an answer shows. Null where no row says so, and where several say so equally: an answer that two
    /// refusals could have given shows neither.
    /// </summary>
    public static RefusalKind? Shown(int status, string code, string message)
    {
        // Where one row says more of the message than another, it is that row's.
        var closest = RefusalTable
            .Rows.Where(row => row.Status == status && row.Code == code && Pattern(row).IsMatch(message))
            .GroupBy(row => Hole().Replace(row.Message, "").Length)
            .MaxBy(rows => rows.Key);
        return closest is null || closest.Count() > 1 ? null : closest.First().Kind;
    }

    private static Regex Pattern(RefusalTable.Row row) =>
        new($"^{string.Join(".+", Hole().Split(row.Message).Select(Regex.Escape))}$", RegexOptions.Singleline);

    [GeneratedRegex(@"\{\d\}")]
    private static partial Regex Hole();
}
