using System.Text.RegularExpressions;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Tests.Transcripts;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>
/// Nothing that a client of Graph can ask of presence is left open: each path and method has a row in
/// docs/parity.md, as <c>`METHOD /path`</c>, and one of the transcripts that the row names makes the very
/// request. The list of what can be asked is Facts/graph-surface.txt, and every route of Graph that is served.
/// </summary>
public sealed partial class CompletenessTests
{
    private static readonly RouteTree Tree = new(GraphRoutes.Table);

    /// <summary>What can be asked, and the status of the best answer: 200 for whatever succeeds.</summary>
    private static readonly Dictionary<string, int> Facts = ProjectFiles
        .Lines("tests/OpenPresence.Server.Tests/Facts/graph-surface.txt")
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(' '))
        .ToDictionary(
            fields => $"{fields[0]} {fields[1]}",
            fields => fields.Length < 3 ? 200 : int.Parse(fields[2], System.Globalization.CultureInfo.InvariantCulture),
            StringComparer.Ordinal
        );

    private static readonly string[] Rows =
    [
        .. ProjectFiles.Lines("docs/parity.md").Where(line => line.StartsWith('|')),
    ];

    /// <summary>Each request of a transcript under its title, with the route's path and the status.</summary>
    private static readonly ILookup<string, (string Asked, int Status)> Shown = (
        from row in TranscriptTests.Names
        from step in TranscriptTests.Read(row.Data).Steps
        where step.IsRequest
        let line = step.Request[0].Split(' ')
        let path = line[1].Split('?')[0]
        let slash = path.IndexOf('/', 1)
        where slash > 0
        let template = TemplateOf(path, slash)
        where template is not null
        select (
            Title: $"{row.Data}.transcript: {step.Remark}",
            Asked: $"{line[0]} {template}",
            Status: int.Parse(step.Answer[0], System.Globalization.CultureInfo.InvariantCulture)
        )
    ).ToLookup(shown => shown.Title, shown => (shown.Asked, shown.Status), StringComparer.Ordinal);

    public static TheoryData<string> Everything =>
        [
            .. GraphRoutes
                .Table.Where(route => !IsOurs(route))
                .Select(route => $"{route.Method} {route.Template}")
                .Union(Facts.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Everything))]
    public void What_can_be_asked_has_a_row_whose_transcript_asks_it(string asked)
    {
        var rows = Rows.Where(row => FirstCell(row).Contains($"`{asked}`", Ordinal)).ToArray();
        Assert.True(rows.Length > 0, $"docs/parity.md has no row with `{asked}`.");
        var status = BestAnswer(asked);
        var tests = rows.SelectMany(row => CodeSpan().Matches(row.Split(" | ")[^1]))
            .Select(match => match.Groups["code"].Value);
        Assert.True(
            tests.SelectMany(test => Shown[test]).Any(shown => shown.Asked == asked && Fits(shown.Status, status)),
            $"No transcript of a row with `{asked}` makes that request and is answered {status}."
        );
    }

    /// <summary>Whether a status is the best one: any success for 200.</summary>
    internal static bool Fits(int status, int best) => best == 200 ? status is >= 200 and < 300 : status == best;

    /// <summary>The best status of what can be asked, 200 for whatever succeeds.</summary>
    internal static int BestAnswer(string asked) => Facts.GetValueOrDefault(asked, 200);

    private static string? TemplateOf(string path, int slash) =>
        Tree.Match(path, slash).Routes is [var route, ..] ? route.Template : null;

    private static bool IsOurs(GraphRoute route) => route.Source.StartsWith(GraphRoute.OursSource, Ordinal);

    private static string FirstCell(string row) => row.Split(" | ")[0];

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex("`(?<code>[^`]+)`")]
    private static partial Regex CodeSpan();
}
