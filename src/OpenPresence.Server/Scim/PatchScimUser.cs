using System.Text.Json;

namespace OpenPresence.Server.Scim;

/// <summary>Changes some attributes of a person.</summary>
/// <remarks>
/// <para>Route: PATCH /scim/v2/Users/{id}</para>
/// <para>Permissions: a provisioning token of the tenant.</para>
/// <para>Body: Operations, each with op (add, replace, remove), path and value; see <see cref="UserPatch"/>.</para>
/// <para>Answers: 200 the user; 400 invalidSyntax, invalidPath, invalidFilter, invalidValue, noTarget, mutability; 401;
/// 404; 409 uniqueness; 413; 415; 429; 503. All operations or none.</para>
/// <para>Source: RFC 7644, 3.5.2</para>
/// </remarks>
internal static class PatchScimUser
{
    public const int OperationsMax = 100;

    private const string Schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    public static async ValueTask<ScimFault?> HandleAsync(ScimCall call, string id)
    {
        var (body, fault) = await call.ReadBodyAsync();
        if (body is null)
        {
            return fault;
        }
        using var read = body;
        var unreadable = new ScimFaults();
        var operations = Read(body.RootElement, unreadable);
        if (unreadable.Any)
        {
            return unreadable.ToFault();
        }
        return await UserRevision.AnswerAsync(
            call,
            id,
            (former, tenant, faults) =>
            {
                var document = UserDocument.Of(former);
                var patch = new UserPatch(former.Id, document, faults);
                foreach (var operation in operations)
                {
                    patch.Apply(operation);
                }
                return UserDocument.ToPerson(document, former.Id, tenant, former, faults);
            }
        );
    }

    private static List<PatchOperation> Read(JsonElement body, ScimFaults faults)
    {
        var operations = new List<PatchOperation>();
        UserReader.CheckSchemas(body, Schema, faults);
        var list = Member(body, "Operations");
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > OperationsMax)
        {
            faults.Add(ScimWords.InvalidSyntax, $"Operations must be an array of 1 to {OperationsMax} objects.");
            return operations;
        }
        foreach (var item in list.EnumerateArray())
        {
            if (ReadOne(item, faults) is { } operation)
            {
                operations.Add(operation);
            }
        }
        return operations;
    }

    private static PatchOperation? ReadOne(JsonElement item, ScimFaults faults)
    {
        var (op, path) = item.ValueKind == JsonValueKind.Object ? (Member(item, "op"), Member(item, "path")) : default;
        PatchKind? kind = TextOf(op)?.ToUpperInvariant() switch
        {
            "ADD" => PatchKind.Add,
            "REPLACE" => PatchKind.Replace,
            "REMOVE" => PatchKind.Remove,
            _ => null,
        };
        if (kind is null)
        {
            faults.Add(ScimWords.InvalidSyntax, "Each op must be add, replace or remove.");
            return null;
        }
        var isPathless = path.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;
        if (!isPathless && TextOf(path) is null)
        {
            faults.Add(ScimWords.InvalidPath, "A path must be a string.");
            return null;
        }
        return new PatchOperation(
            kind.Value,
            isPathless || TextOf(path) is "" ? null : TextOf(path),
            Member(item, "value")
        );
    }

    /// <summary>A member whatever its letter case; undefined: there is none.</summary>
    private static JsonElement Member(JsonElement parent, string name)
    {
        foreach (var member in parent.EnumerateObject())
        {
            if (member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return member.Value;
            }
        }
        return default;
    }

    private static string? TextOf(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && UserReader.TryGetText(value, out var text) ? text : null;
}
