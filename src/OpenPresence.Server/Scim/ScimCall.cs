using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>One request of an identity provider that was let in.</summary>
internal sealed class ScimCall(HttpContext http, GraphServer server, ScimClient client)
{
    /// <summary>Deeper JSON is refused; the deepest body here has six levels.</summary>
    public const int DepthMax = 10;

    private static readonly JsonDocumentOptions Json = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    public HttpContext Http { get; } = http;

    public GraphServer Server { get; } = server;

    /// <summary>Who calls, and for which tenant.</summary>
    public ScimClient Client { get; } = client;

    /// <summary>Where the addresses of answers begin.</summary>
    public string BaseUrl => Server.Roots.BaseUrl(Http.Request) + ScimPipeline.Root;

    /// <summary>A person of the caller's tenant; of no other one anything is known here.</summary>
    public bool TryGetPerson(string idText, [NotNullWhen(true)] out Person? person)
    {
        person = null;
        return Guid.TryParseExact(idText, "D", out var id)
            && Server.Directory.TryGetPerson(id, out person)
            && person.TenantId == Client.TenantId;
    }

    /// <summary>The body, an object; or why it is none.</summary>
    public async ValueTask<(JsonDocument? Body, ScimFault? Fault)> ReadBodyAsync()
    {
        var isPlainJson = Http.Request.ContentType?.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
        var read = await BodyReader.ReadAsync(
            Http.Request,
            Http.RequestAborted,
            isPlainJson == true ? "application/json" : ScimAnswer.ContentType
        );
        if (read.Refusal is { } refusal)
        {
            return (null, FaultOf(refusal));
        }
        try
        {
            var body = JsonDocument.Parse(read.Bytes, Json);
            if (body.RootElement.ValueKind == JsonValueKind.Object)
            {
                return (body, null);
            }
            body.Dispose();
            return (null, Invalid("The body must be a JSON object."));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second is what the search for members that stand twice throws for half a surrogate pair in a name.
            return (
                null,
                Invalid($"The body is not valid JSON of at most {DepthMax} levels, or a member stands in it twice.")
            );
        }
    }

    /// <summary>Answers with a person as a user.</summary>
    public Task AnswerUserAsync(int status, Person person, Projection projection)
    {
        if (status == StatusCodes.Status201Created)
        {
            Http.Response.Headers.Location = $"{BaseUrl}/Users/{person.Id}";
        }
        return ScimAnswer.WriteAsync(Http, status, projection.Of(person, BaseUrl));
    }

    /// <summary>What a refused body of any route is for an identity provider.</summary>
    public static ScimFault FaultOf(Refusal refusal)
    {
        var row = RefusalTable.For(refusal.Kind);
        return new ScimFault(
            row.Status,
            row.Status == StatusCodes.Status400BadRequest ? ScimWords.InvalidSyntax : null,
            string.Format(row.Message, refusal.Arguments)
        );
    }

    private static ScimFault Invalid(string detail) => ScimFault.BadRequest(ScimWords.InvalidSyntax, detail);
}

/// <summary>An identity provider, as far as its requests are concerned.</summary>
/// <param name="TenantId">The tenant that it manages.</param>
/// <param name="IdFromExternalId">Whether its external ids become the ids of people.</param>
internal sealed record ScimClient(Guid TenantId, bool IdFromExternalId);
