using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.OpenApi;

/// <summary>
/// The description of Graph's surface as this server answers it: <c>/openapi/v1.json</c>, OpenAPI 3.1.
/// </summary>
/// <remarks>
/// Paths, methods, permissions and sources come from the tables that the requests themselves go through
/// (<see cref="GraphRoutes"/>, <see cref="PermissionTable"/>), so they cannot differ from what is served; only
/// summaries and shapes stand beside them, in <c>operations.json</c>. Routes that Graph does not have say so by
/// <c>x-openpresence-own</c>. The tests hold every answer of every transcript against it.
/// </remarks>
public static class OpenApiDocument
{
    /// <summary>Where it is served.</summary>
    public const string Path = "/openapi/v1.json";

    /// <summary>Whether this server adds the route to Graph's.</summary>
    public const string OwnMark = "x-openpresence-own";

    private const string Json = "application/json";

    private static readonly Lazy<byte[]> Bytes = new(() => JsonSerializer.SerializeToUtf8Bytes(Build()));

    /// <summary>Answers a request for it.</summary>
    public static Task AnswerAsync(HttpContext http)
    {
        http.Response.ContentType = Json;
        http.Response.ContentLength = Bytes.Value.Length;
        http.Response.Headers.AccessControlAllowOrigin = "*";
        return http.Response.Body.WriteAsync(Bytes.Value, 0, Bytes.Value.Length);
    }

    /// <summary>The document.</summary>
    public static JsonObject Build()
    {
        var shapes = ReadShapes();
        var paths = new JsonObject();
        foreach (var routes in GraphRoutes.Table.GroupBy(r => r.Template, StringComparer.Ordinal))
        {
            var item = new JsonObject();
            if (ParametersOf(routes.Key) is { Count: > 0 } parameters)
            {
                item["parameters"] = parameters;
            }
            foreach (var route in routes)
            {
                item[route.Method.ToLowerInvariant()] = OperationOf(
                    route,
                    shapes["operations"]![route.Operation.ToString()]
                        ?? throw new InvalidDataException($"operations.json does not describe {route.Operation}.")
                );
            }
            paths[routes.Key] = item;
        }
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "OpenPresence",
                ["version"] = "1",
                ["description"] = "Microsoft Graph's presence surface, as this server answers it under both versions.",
            },
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/v1.0" }, new JsonObject { ["url"] = "/beta" }),
            ["security"] = new JsonArray(new JsonObject { ["bearer"] = new JsonArray() }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = shapes["schemas"]!.DeepClone(),
                ["securitySchemes"] = new JsonObject
                {
                    ["bearer"] = new JsonObject
                    {
                        ["type"] = "http",
                        ["scheme"] = "bearer",
                        ["bearerFormat"] = "JWT",
                    },
                },
            },
        };
    }

    private static JsonObject OperationOf(GraphRoute route, JsonNode shape)
    {
        var isOwn = route.Source.StartsWith(GraphRoute.OursSource, StringComparison.Ordinal);
        var operation = new JsonObject
        {
            ["operationId"] = IdOf(route),
            ["summary"] = shape["summary"]!.GetValue<string>(),
            ["externalDocs"] = new JsonObject { ["url"] = route.Source },
            ["x-permissions"] = new JsonObject
            {
                ["delegated"] = PermissionsOf(route.Operation, CallerKind.DelegatedWork),
                ["application"] = PermissionsOf(route.Operation, CallerKind.Application),
            },
        };
        if (isOwn)
        {
            operation[OwnMark] = true;
        }
        if (!HttpMethods.IsDelete(route.Method) && shape["request"]?.GetValue<string>() is { } request)
        {
            operation["requestBody"] = new JsonObject { ["required"] = true, ["content"] = ContentOf(request) };
        }
        operation["responses"] = new JsonObject
        {
            ["2XX"] = AnswerOf("Done.", ResponseOf(route, shape)),
            ["default"] = AnswerOf("Refused; nothing changed.", "error"),
        };
        return operation;
    }

    /// <summary>One operation may stand at several paths whose answers differ in form.</summary>
    private static string? ResponseOf(GraphRoute route, JsonNode shape)
    {
        var last = route.Template[(route.Template.LastIndexOf('/') + 1)..];
        return (last, route.Operation) switch
        {
            ("$count", _) => "text/plain",
            ("$value", not Operation.UpdatePhoto) => "image/*",
            ("photos", _) => "photoCollection",
            ("automaticRepliesSetting", _) => "automaticReplies",
            ("timeZone", _) => "timeZone",
            ("subscriptions", Operation.GetSubscription) => "subscriptionCollection",
            ("reauthorize", _) => null,
            _ => shape["response"]?.GetValue<string>(),
        };
    }

    private static JsonObject AnswerOf(string description, string? shape)
    {
        var answer = new JsonObject { ["description"] = description };
        if (shape is not null)
        {
            answer["content"] = ContentOf(shape);
        }
        return answer;
    }

    /// <summary>A shape's name, or a media type whose content has none.</summary>
    private static JsonObject ContentOf(string shape) =>
        shape.Contains('/', StringComparison.Ordinal)
            ? new JsonObject { [shape] = new JsonObject() }
            : new JsonObject
            {
                [Json] = new JsonObject { ["schema"] = new JsonObject { ["$ref"] = "#/components/schemas/" + shape } },
            };

    private static JsonArray PermissionsOf(Operation operation, CallerKind kind) =>
        [
            .. PermissionTable
                .Built.WouldDo(operation, kind)
                .Where(grant => grant.Name != PermissionTable.AnyPermission)
                .Select(grant => (JsonNode)grant.Name),
        ];

    private static JsonArray ParametersOf(string template) =>
        [
            .. template
                .Split('/')
                .Where(segment => segment.StartsWith('{'))
                .Select(segment => new JsonObject
                {
                    ["name"] = segment.Trim('{', '}'),
                    ["in"] = "path",
                    ["required"] = true,
                    ["schema"] = new JsonObject { ["type"] = "string" },
                }),
        ];

    /// <summary>The method and the path's words: <c>post.users.presence.setPresence</c>.</summary>
    private static string IdOf(GraphRoute route) =>
        string.Join(
            '.',
            route
                .Template.Split('/', StringSplitOptions.RemoveEmptyEntries)
                .Select(segment => segment.StartsWith('{') ? "item" : segment.TrimStart('$'))
                .Prepend(route.Method.ToLowerInvariant())
        );

    private static JsonNode ReadShapes()
    {
        using var stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("operations.json")!;
        return JsonNode.Parse(stream)!;
    }
}
