using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Tests.Transcripts;

namespace OpenPresence.Server.Tests.Repository;

/// <summary>Nothing is on the surface that is not allowed to somebody, documented and sourced.</summary>
public sealed class GraphSurfaceTests
{
    /// <summary>The fixed lines of a slice's remarks, in this order.</summary>
    private static readonly string[] RemarkLines =
    [
        "<para>Route: ",
        "<para>Permissions: ",
        "<para>Body: ",
        "<para>Answers: ",
        "<para>Source: ",
    ];

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

    public static TheoryData<RefusalKind> Refusals => [.. Enum.GetValues<RefusalKind>()];

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
    public void A_route_is_in_a_transcript(string name)
    {
        var tree = GraphRoutes.Tree;
        var played =
            from transcript in TranscriptTests.Names
            from request in TranscriptTests.Read(transcript.Data).Requests
            from route in tree.Match(request.Path, request.Path.IndexOf('/', 1)).Routes ?? []
            where route.Method == request.Method
            select $"{route.Method} {route.Template}";
        Assert.Contains(name, played);
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
        var text = SourceOf(slice);
        var places = RemarkLines.Select(line => text.IndexOf(line, StringComparison.Ordinal));
        Assert.DoesNotContain(-1, places);
        Assert.Equal(places.Order(), places);
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_has_exactly_one_row(RefusalKind kind)
    {
        Assert.Single(RefusalTable.Rows, row => row.Kind == kind);
    }

    /// <summary>
    /// Somewhere a test meets it: in an answer by its code and the fixed part of its message, or in a table of
    /// refused things by its name.
    /// </summary>
    [Theory]
    [MemberData(nameof(Refusals))]
    public void A_refusal_is_met_by_a_test(RefusalKind kind)
    {
        var row = RefusalTable.For(kind);
        var opening = $"\"code\":\"{row.Code}\",\"message\":\"{row.Message.Split('{')[0]}";
        Assert.True(
            Tests.Any(text => text.Contains(opening, StringComparison.Ordinal) || Regex.IsMatch(text, $@"\b{kind}\b")),
            $"No test meets {kind}."
        );
    }

    private static IEnumerable<string> Tests =>
        from path in ProjectFiles.Under("tests", ".transcript").Concat(ProjectFiles.Under("tests", ".cs"))
        // A transcript's body that stands on several lines is one.
        select ProjectFiles.Read(path).Replace("\n< ", "", StringComparison.Ordinal);

    private static GraphRoute RouteOf(string name) =>
        GraphRoutes.Table.First(route => $"{route.Method} {route.Template}" == name);

    private static string SourceOf(string slice) =>
        ProjectFiles.Read(Assert.Single(ProjectFiles.Under("src/OpenPresence.Server", $"/{slice}.cs")));

    private static string SliceOf(GraphRoute route) => route.Handle.Method.DeclaringType!.Name;
}
