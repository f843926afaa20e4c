using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Tests.Transcripts;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>Nothing is on the surface that is not allowed to somebody, documented and sourced.</summary>
public sealed partial class GraphSurfaceTests
{
    /// <summary>The fixed lines of a slice's remarks, in this order.</summary>
    private static readonly string[] RemarkNames = ["Route", "Permissions", "Body", "Answers", "Source"];

    /// <summary>The operations that permissions.json marks as ours.</summary>
    private static readonly HashSet<Operation> Ours = JsonNode.Parse(
        ProjectFiles.Read("src/OpenPresence.Server/Identity/permissions.json")
    )!["operations"]!
        .AsArray()
        .Where(row => (bool?)row!["isOurs"] ?? false)
        .Select(row => Enum.Parse<Operation>((string)row!["operation"]!, ignoreCase: true))
        .ToHashSet();

    public static TheoryData<string> Routes =>
        [.. GraphRoutes.Table.Select(route => $"{route.Method} {route.Template}")];

    public static TheoryData<string> Slices => [.. GraphRoutes.Table.Select(SliceOf).Distinct(StringComparer.Ordinal)];

    /// <summary>The pages of presence and subscriptions that some route names.</summary>
    public static TheoryData<string> Pages =>
        [
            .. GraphRoutes
                .Table.Select(route => route.Source.Split('/')[^1])
                .Where(page => Regex.IsMatch(page, "^(presence|cloudcommunications|subscription)-"))
                .Distinct(StringComparer.Ordinal),
        ];

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_route_is_open_to_somebody(string name)
    {
        var operation = RouteOf(name).Operation;
        Assert.Contains(Enum.GetValues<CallerKind>(), kind => PermissionTable.Built.WouldDo(operation, kind).Any());
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_route_names_the_page_that_describes_it(string name)
    {
        var route = RouteOf(name);
        if (Ours.Contains(route.Operation))
        {
            Assert.StartsWith(GraphRoute.OursSource, route.Source, StringComparison.Ordinal);
            var heading = route.Source[GraphRoute.OursSource.Length..];
            Assert.Contains(heading, MarkdownTests.Anchors("docs/own-routes.md"));
        }
        else
        {
            Assert.StartsWith("https://learn.microsoft.com/graph/", route.Source, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_slice_names_the_source_of_its_route(string name)
    {
        var route = RouteOf(name);
        var text = SourceOf(SliceOf(route));
        Assert.Contains($"<para>Source: {route.Source}</para>", text, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void No_two_routes_are_the_same(string name)
    {
        Assert.Single(Routes, row => row.Data.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_transcript_shows_the_best_answer_of_a_route(string name)
    {
        Assert.Contains(Answered[name], status => CompletenessTests.Fits(status, CompletenessTests.BestAnswer(name)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_examples_of_a_page_are_in_a_transcript(string page)
    {
        Assert.Contains(
            ProjectFiles.TestNames,
            name => Regex.IsMatch(name, $@"^documented-[\w-]+\.transcript: {page}(?![\w-])")
        );
    }

    [Theory]
    [MemberData(nameof(Slices))]
    public void A_slice_says_its_route_permissions_body_answers_and_source(string slice)
    {
        var remarks = Remark().Matches(RemarksOf(slice)).Select(match => match.Groups["name"].Value);
        Assert.Equal(RemarkNames, remarks.Where(RemarkNames.Contains));
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_slice_names_its_routes(string name)
    {
        var route = RouteOf(name);
        var said = RemarkOf(SliceOf(route), "Route");
        Assert.Matches($@"\b{route.Method}\b", said);
        var last = route.Template.Split('/').Last(segment => !segment.StartsWith('{'));
        Assert.Matches($@"(?<!\w){Regex.Escape(last)}(?!\w)", said);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public void A_slice_names_the_statuses_of_its_answers(string name)
    {
        var said = RemarkOf(SliceOf(RouteOf(name)), "Answers");
        Assert.All(Answered[name].Distinct(), status => Assert.Matches($@"\b{status}\b", said));
    }

    /// <summary>The statuses that the transcripts show of each route.</summary>
    private static readonly ILookup<string, int> Answered = (
        from transcript in TranscriptTests.Names
        from step in TranscriptTests.Read(transcript.Data).Steps
        where step.IsRequest
        let line = step.Request[0].Split(' ')
        let path = line[1].Split('?')[0]
        let version = path.IndexOf('/', 1)
        where version > 0
        from route in GraphRoutes.Tree.Match(path, version).Routes ?? []
        where route.Method == line[0]
        select (Name: $"{route.Method} {route.Template}", Status: int.Parse(step.Answer[0]))
    ).ToLookup(answered => answered.Name, answered => answered.Status);

    private static string RemarkOf(string slice, string name) =>
        Remark().Matches(RemarksOf(slice)).Single(match => match.Groups["name"].Value == name).Groups["text"].Value;

    /// <summary>The documentation of a slice as one line.</summary>
    private static string RemarksOf(string slice) => CommentBreak().Replace(SourceOf(slice), " ");

    private static GraphRoute RouteOf(string name) =>
        GraphRoutes.Table.First(route => $"{route.Method} {route.Template}" == name);

    private static string SourceOf(string slice) =>
        ProjectFiles.Read(Assert.Single(ProjectFiles.Under("src/OpenPresence.Server", $"/{slice}.cs")));

    private static string SliceOf(GraphRoute route) => route.Handle.Method.DeclaringType!.Name;

    [GeneratedRegex(@"<para>(?<name>\w+): (?<text>[^ ].*?)</para>")]
    private static partial Regex Remark();

    [GeneratedRegex(@"\s+///\s+")]
    private static partial Regex CommentBreak();
}
