using System.Globalization;
using System.Text.RegularExpressions;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Tests.Graph;
using OpenPresence.Server.Tests.Transcripts;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>
/// Each refusal has its row, and a test that meets it. Two things count. An answer in a transcript, by status, code
/// and whole message, that no other row could have given. And in a test, an assertion that names the member of
/// <see cref="RefusalKind"/>: of an answer (<see cref="Refused"/>) or of a refusal's <c>Kind</c>.
/// </summary>
public sealed partial class RefusalTests
{
    private const string TestFolder = "tests/OpenPresence.Server.Tests/";

    public static TheoryData<RefusalKind> Refusals => [.. Enum.GetValues<RefusalKind>()];

    private static readonly Lazy<HashSet<RefusalKind>> Met = new(() =>
        [
            .. TranscriptTests
                .Names.SelectMany(row => TranscriptTests.Read(row.Data).Steps)
                .Where(step => step.IsRequest)
                .SelectMany(step => MetBy(step.Answer)),
            .. ProjectFiles
                .Under("tests/OpenPresence.Server.Tests", ".cs")
                // The examples below assert nothing.
                .Where(path => !path.StartsWith($"{TestFolder}Repository/", StringComparison.Ordinal))
                .SelectMany(path => AssertedBy(ProjectFiles.Read(path))),
        ]
    );

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_has_exactly_one_row(RefusalKind kind)
    {
        Assert.Single(RefusalTable.Rows, row => row.Kind == kind);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_is_met_by_a_test(RefusalKind kind)
    {
        Assert.True(Met.Value.Contains(kind), $"No transcript is answered {kind}, and no test asserts it.");
    }

    [Theory]
    [InlineData("Assert.Equal(RefusalKind.BadRequest, refusal?.Kind);")]
    [InlineData("Assert.Equal(\n    RefusalKind.BadRequest,\n    result.Refusal!.Kind\n);")]
    [InlineData("await Refused.WithAsync(RefusalKind.BadRequest, server.GetAsync(path));")]
    [InlineData("Refused.With(RefusalKind.BadRequest, 400, body);")]
    public void An_assertion_of_a_kind_counts(string code)
    {
        Assert.Equal([RefusalKind.BadRequest], AssertedBy(code));
    }

    [Theory]
    [InlineData("Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);")]
    [InlineData("Assert.Equal(400, RefusalTable.For(RefusalKind.BadRequest).Status);")]
    [InlineData("Assert.NotEqual(RefusalKind.BadRequest, refusal.Kind);")]
    [InlineData("// Assert.Equal(RefusalKind.BadRequest, refusal.Kind);")]
    [InlineData("[InlineData(RefusalKind.BadRequest)]")]
    [InlineData("RefusalKind[] allowed = [RefusalKind.BadRequest, refusal.Kind];")]
    public void A_kind_that_is_only_named_does_not_count(string code)
    {
        Assert.Empty(AssertedBy(code));
    }

    [Theory]
    [InlineData(404, "NotFound", "Presence session not found.", RefusalKind.SessionNotFound)]
    [InlineData(404, "NotFound", "There is no such clock.", RefusalKind.NotFound)]
    [InlineData(400, "BadRequest", "Resource not found for the segment 'mood'.", RefusalKind.UnknownSegment)]
    [InlineData(403, "Forbidden", "Two rows hold any message with this code.", null)]
    [InlineData(405, "Request_BadRequest", "{any}", null)]
    [InlineData(404, "Request_BadRequest", "$count is not currently supported.", null)]
    [InlineData(400, "BadRequest", "", null)]
    public void An_answer_shows_the_refusal_that_alone_could_give_it(
        int status,
        string code,
        string message,
        RefusalKind? kind
    )
    {
        string[] answer = [$"{status}", "", $$$"""{"error":{"code":"{{{code}}}","message":"{{{message}}}"}}"""];
        Assert.Equal(kind is { } one ? [one] : [], MetBy(answer));
    }

    [Fact]
    public void In_a_batch_the_status_is_that_of_the_request()
    {
        const string body =
            """{"responses":[{"id":"1","status":200,"body":{}},{"id":"2","status":404,"body":{"error":{"code":"NotFound","message":"No."}}}]}""";
        Assert.Equal([RefusalKind.NotFound], MetBy(["200", "", body]));
    }

    /// <summary>The refusals in the lines of an answer: its status, headers, and after an empty one the body.</summary>
    private static IEnumerable<RefusalKind> MetBy(IReadOnlyList<string> answer)
    {
        var body = string.Concat(answer.SkipWhile(line => line.Length > 0));
        foreach (Match error in Error().Matches(body))
        {
            var inBatch = Status().Matches(body[..error.Index]).LastOrDefault()?.Groups["status"].Value;
            var status = int.Parse(inBatch ?? answer[0], CultureInfo.InvariantCulture);
            if (Refused.Shown(status, error.Groups["code"].Value, error.Groups["message"].Value) is { } kind)
            {
                yield return kind;
            }
        }
    }

    private static IEnumerable<RefusalKind> AssertedBy(string code) =>
        from Match match in Assertion().Matches(Comment().Replace(code, ""))
        select Enum.Parse<RefusalKind>(match.Groups["kind"].Value);

    [GeneratedRegex(
        """
            "error":\{"code":"(?<code>[^"]+)","message":"(?<message>(?:[^"\\]|\\.)*)"
            """
    )]
    private static partial Regex Error();

    [GeneratedRegex(
        """
            "status":(?<status>\d+),
            """
    )]
    private static partial Regex Status();

    [GeneratedRegex(
        @"\bAssert\.Equal\(\s*RefusalKind\.(?<kind>\w+),\s*[\w.!?]+\.Kind\s*\)"
            + @"|\bRefused\.With(?:Async)?\(\s*RefusalKind\.(?<kind>\w+),"
    )]
    private static partial Regex Assertion();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
