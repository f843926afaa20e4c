using System.Text.Json.Nodes;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.OpenApi;

namespace OpenPresence.Server.Tests.OpenApi;

/// <summary>Holds an answer of the server against what its description says of that route.</summary>
internal static class DescribedAnswers
{
    private const int VersionLength = 5; // "/v1.0" and "/beta"

    private static readonly JsonObject Document = OpenApiDocument.Build();
    private static readonly ShapeCheck Check = new(Document);
    private static readonly RouteTree Tree = new(GraphRoutes.Table);

    /// <summary>Where the answer differs; empty too when the description says nothing of the request.</summary>
    public static IReadOnlyList<string> FaultsOf(string method, string target, int status, string body)
    {
        var path = Uri.UnescapeDataString(target.Split('?')[0]);
        if (
            body.Length == 0
            || !(
                path.StartsWith("/v1.0/", StringComparison.Ordinal)
                || path.StartsWith("/beta/", StringComparison.Ordinal)
            )
            || Tree.Match(path, VersionLength) is not { Routes.Length: > 0 } match
            || match.ForMethod(method) is not { } route
        )
        {
            return [];
        }
        var responses = Document["paths"]![route.Template]![route.Method.ToLowerInvariant()]!["responses"]!;
        var content = responses[status < 300 ? "2XX" : "default"]!["content"];
        var schema = content?["application/json"]?["schema"];
        return schema is null
            ? content is null
                ? [$"{method} {route.Template} has a body that is not described"]
                : []
            : [.. Check.FaultsOf(schema, JsonNode.Parse(body))];
    }
}
