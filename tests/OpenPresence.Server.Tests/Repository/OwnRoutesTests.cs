using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Transcripts;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>The examples of what is ours are requests that a transcript makes.</summary>
public sealed partial class OwnRoutesTests
{
    private static readonly string[] Documents = ["docs/own-routes.md", "docs/provisioning.md"];

    private static readonly string[] Requests =
    [
        .. TranscriptTests.Names.SelectMany(row =>
            TranscriptTests.Read(row.Data).Steps.Where(step => step.IsRequest).Select(step => Said(step.Request))
        ),
    ];

    public static TheoryData<string> Examples => [.. All(Example()).Select(match => match.Value)];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_is_a_request_of_a_transcript(string example)
    {
        var method = Method().Match(example).Groups["method"].Value;
        var path = Address().Match(example).Groups["path"].Value;
        var body = Body().Match(example) is { Success: true } inline
            ? inline.Groups["body"].Value
            : Lines().Match(example).Groups["body"].Value;
        Assert.Contains($"{method} {path}\n{body}", Requests);
    }

    [Fact]
    public void An_answer_that_is_shown_is_the_answer_of_a_transcript()
    {
        var shown = All(Json()).Select(match => match.Value);
        var answers = TranscriptTests
            .Names.SelectMany(row => TranscriptTests.Read(row.Data).Steps)
            .SelectMany(step => step.Answer)
            .ToHashSet(StringComparer.Ordinal);
        Assert.NotEmpty(shown);
        Assert.All(shown, answer => Assert.Contains(answer, answers));
    }

    [Fact]
    public void Every_example_is_read()
    {
        var commands = Documents
            .SelectMany(ProjectFiles.Lines)
            .Count(line => line.StartsWith("curl ", StringComparison.Ordinal));
        Assert.NotEqual(0, commands);
        Assert.Equal(commands, Examples.Count);
    }

    private static IEnumerable<Match> All(Regex pattern) =>
        Documents.SelectMany(document => pattern.Matches(ProjectFiles.Read(document)));

    private static string Said(IReadOnlyList<string> request)
    {
        var blank = request.ToList().IndexOf("");
        var body = blank < 0 ? [] : request.Skip(blank + 1);
        return $"{request[0]}\n{string.Join('\n', body)}";
    }

    [GeneratedRegex("(?<=^```sh\n)curl .*?(?=^```)", Options)]
    private static partial Regex Example();

    [GeneratedRegex("(?<=^```json\n).*?(?=\n```)", Options)]
    private static partial Regex Json();

    [GeneratedRegex(@"-X (?<method>[A-Z]+)", Options)]
    private static partial Regex Method();

    [GeneratedRegex(@"http://localhost:5080(?<path>\S+)", Options)]
    private static partial Regex Address();

    [GeneratedRegex(@"-d '(?<body>[^']*)'", Options)]
    private static partial Regex Body();

    /// <summary>A body of lines: <c>--data-binary @- &lt;&lt;'END'</c> and what follows up to END.</summary>
    [GeneratedRegex(@"<<'(?<end>\w+)'\n(?<body>.*?)\n\k<end>\n", Options)]
    private static partial Regex Lines();

    private const RegexOptions Options = RegexOptions.Multiline | RegexOptions.Singleline;
}
