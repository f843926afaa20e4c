using System.Text.Json.Nodes;

namespace OpenPresence.Server.Scim;

/// <summary>Says what this server can do, for providers that ask.</summary>
/// <remarks>
/// <para>Route: GET /scim/v2/ServiceProviderConfig · /ResourceTypes · /ResourceTypes/{id} · /Schemas · /Schemas/{id}</para>
/// <para>Permissions: a provisioning token; for ServiceProviderConfig none.</para>
/// <para>Body: none.</para>
/// <para>Answers: 200; 401; 403 a filter, which would be ignored otherwise; 404; 429.</para>
/// <para>Source: RFC 7644, 4</para>
/// </remarks>
internal static class Discovery
{
    private const string Core = "urn:ietf:params:scim:schemas:core:2.0:";
    private const string ListId = "urn:ietf:params:scim:api:messages:2.0:ListResponse";

    public static ValueTask<ScimFault?> ConfigAsync(ScimCall call, string _) =>
        AnswerAsync(
            call,
            new JsonObject
            {
                ["schemas"] = new JsonArray(Core + "ServiceProviderConfig"),
                ["patch"] = Supported(true),
                ["bulk"] = new JsonObject
                {
                    ["supported"] = false,
                    ["maxOperations"] = 0,
                    ["maxPayloadSize"] = 0,
                },
                ["filter"] = new JsonObject { ["supported"] = true, ["maxResults"] = ListScimUsers.PageMax },
                ["changePassword"] = Supported(false),
                ["sort"] = Supported(false),
                ["etag"] = Supported(false),
                ["authenticationSchemes"] = new JsonArray(
                    new JsonObject
                    {
                        ["type"] = "oauthbearertoken",
                        ["name"] = "Bearer token",
                        ["description"] = "The token of the settings, in the header Authorization",
                        ["specUri"] = "https://www.rfc-editor.org/rfc/rfc6750",
                        ["primary"] = true,
                    }
                ),
                ["meta"] = Meta(call, "ServiceProviderConfig", "/ServiceProviderConfig"),
            }
        );

    public static ValueTask<ScimFault?> ResourceTypesAsync(ScimCall call, string _) =>
        AnswerAsync(call, ListOf(1, 1, [ResourceType(call)]));

    public static ValueTask<ScimFault?> ResourceTypeAsync(ScimCall call, string id) =>
        id.Equals("User", StringComparison.OrdinalIgnoreCase)
            ? AnswerAsync(call, ResourceType(call))
            : new(ScimFault.NotFound($"The resource type {ScimFaults.Quoted(id)}"));

    public static ValueTask<ScimFault?> SchemasAsync(ScimCall call, string _) =>
        AnswerAsync(call, ListOf(ScimSchema.All.Length, 1, ScimSchema.All.Select(schema => Schema(call, schema))));

    public static ValueTask<ScimFault?> SchemaAsync(ScimCall call, string id) =>
        ScimSchema.Find(id) is { } schema
            ? AnswerAsync(call, Schema(call, schema))
            : new(ScimFault.NotFound($"The schema {ScimFaults.Quoted(id)}"));

    /// <summary>A page of a list.</summary>
    public static JsonObject ListOf(int total, int startIndex, IEnumerable<JsonObject> page)
    {
        JsonNode[] resources = [.. page];
        return new JsonObject
        {
            ["schemas"] = new JsonArray(ListId),
            ["totalResults"] = total,
            ["startIndex"] = startIndex,
            ["itemsPerPage"] = resources.Length,
            ["Resources"] = new JsonArray(resources),
        };
    }

    private static async ValueTask<ScimFault?> AnswerAsync(ScimCall call, JsonObject document)
    {
        if (call.Http.Request.Query.ContainsKey("filter"))
        {
            return new ScimFault(StatusCodes.Status403Forbidden, null, "No filter is taken here.");
        }
        await ScimAnswer.WriteAsync(call.Http, StatusCodes.Status200OK, document);
        return null;
    }

    private static JsonObject ResourceType(ScimCall call) =>
        new()
        {
            ["schemas"] = new JsonArray(Core + "ResourceType"),
            ["id"] = "User",
            ["name"] = "User",
            ["description"] = ScimSchema.User.Description,
            ["endpoint"] = "/Users",
            ["schema"] = ScimSchema.UserId,
            ["schemaExtensions"] = new JsonArray(
                new JsonObject { ["schema"] = ScimSchema.EnterpriseId, ["required"] = false }
            ),
            ["meta"] = Meta(call, "ResourceType", "/ResourceTypes/User"),
        };

    private static JsonObject Schema(ScimCall call, ScimSchema schema) =>
        new()
        {
            ["schemas"] = new JsonArray(Core + "Schema"),
            ["id"] = schema.Id,
            ["name"] = schema.Name,
            ["description"] = schema.Description,
            ["attributes"] = Attributes(schema.Attributes),
            ["meta"] = Meta(call, "Schema", $"/Schemas/{schema.Id}"),
        };

    /// <summary>Those that are kept; the id and the external id are common to all schemas and in none (RFC 7643, 3.1).</summary>
    private static JsonArray Attributes(IEnumerable<ScimAttribute> attributes) =>
        [
            .. attributes
                .Where(attribute => attribute is { IsKept: true, Name: not "id" and not "externalId" })
                .Select(Attribute),
        ];

    private static JsonObject Attribute(ScimAttribute attribute)
    {
        var shown = new JsonObject
        {
            ["name"] = attribute.Name,
            ["type"] = attribute.Type switch
            {
                ScimType.Flag => "boolean",
                ScimType.Complex => "complex",
                _ => "string",
            },
            ["multiValued"] = attribute.IsMultiValued,
            ["description"] = attribute.Description,
            ["required"] = attribute.IsRequired,
            ["caseExact"] = attribute.IsCaseExact,
            ["mutability"] = "readWrite",
            ["returned"] = "default",
            ["uniqueness"] = attribute.IsUnique ? "server" : "none",
        };
        if (!attribute.CanonicalValues.IsEmpty)
        {
            shown["canonicalValues"] = new JsonArray([
                .. attribute.CanonicalValues.Select(value => JsonValue.Create(value)),
            ]);
        }
        if (!attribute.SubAttributes.IsEmpty)
        {
            shown["subAttributes"] = Attributes(attribute.SubAttributes);
        }
        return shown;
    }

    private static JsonObject Supported(bool isSupported) => new() { ["supported"] = isSupported };

    private static JsonObject Meta(ScimCall call, string type, string path) =>
        new() { ["resourceType"] = type, ["location"] = call.BaseUrl + path };
}
