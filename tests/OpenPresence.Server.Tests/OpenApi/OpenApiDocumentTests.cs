using System.Text.Json.Nodes;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.OpenApi;

namespace OpenPresence.Server.Tests.OpenApi;

/// <summary>The description is served, complete, and understood by Microsoft's reader of such descriptions.</summary>
public sealed class OpenApiDocumentTests
{
    private static readonly JsonObject Document = OpenApiDocument.Build();

    public static TheoryData<string, string> Routes =>
        [.. GraphRoutes.Table.Select(route => (route.Method, route.Template))];

    [Theory]
    [MemberData(nameof(Routes))]
    public void Every_route_is_described_with_its_source_and_its_permissions(string method, string template)
    {
        var operation = Document["paths"]![template]![method.ToLowerInvariant()];
        Assert.NotNull(operation);
        Assert.NotEmpty(operation["summary"]!.GetValue<string>());
        var source = operation["externalDocs"]!["url"]!.GetValue<string>();
        Assert.Equal(
            source.StartsWith(GraphRoute.OursSource, StringComparison.Ordinal),
            operation[OpenApiDocument.OwnMark] is not null
        );
    }

    [Fact]
    public void No_two_operations_have_one_id()
    {
        var ids = Document["paths"]!
            .AsObject()
            .SelectMany(path => path.Value!.AsObject())
            .Where(item => item.Key != "parameters")
            .Select(item => item.Value!["operationId"]!.GetValue<string>())
            .ToArray();
        Assert.Equal(GraphRoutes.Table.Count, ids.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task It_is_served_and_Microsofts_reader_finds_no_fault_in_it()
    {
        await using var server = await RunningServer.StartAsync();
        var text = await server.Client.GetStringAsync(OpenApiDocument.Path, TestContext.Current.CancellationToken);
        var read = Microsoft.OpenApi.OpenApiDocument.Parse(text, "json");
        Assert.NotNull(read.Document);
        Assert.Empty(read.Diagnostic!.Errors.Select(error => error.ToString()));
        Assert.Empty(read.Diagnostic.Warnings.Select(warning => warning.ToString()));
        Assert.Equal(Document["paths"]!.AsObject().Count, read.Document.Paths.Count);
    }

    [Fact]
    public void The_check_of_shapes_sees_what_is_wrong()
    {
        var check = new ShapeCheck(Document);
        var presence = JsonNode.Parse("""{"$ref":"#/components/schemas/presence"}""")!;
        Assert.Empty(check.FaultsOf(presence, JsonNode.Parse("""{"availability":"Busy"}""")));
        Assert.Equal(
            ["$.id is no uuid: x", "$.mood is not described", "$.availability is integer and not \"string\""],
            check
                .FaultsOf(presence, JsonNode.Parse("""{"id":"x","availability":1,"mood":2}"""))
                .OrderBy(fault => fault.Length)
        );
    }
}
