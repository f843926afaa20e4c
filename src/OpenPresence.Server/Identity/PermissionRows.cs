using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Reads <c>permissions.json</c>. A fault in it is a bug of ours, so every fault throws, with its place:
/// an unknown operation, a row that is there twice, an operation without a row, a third word for whose data.
/// </summary>
internal static class PermissionRows
{
    private const string ResourceName = "OpenPresence.Server.Identity.permissions.json";

    /// <summary>The column of what we allow to applications and Graph does not.</summary>
    private const string BeyondGraph = "applicationBeyondGraph";

    public static PermissionTable ReadEmbedded(bool isBeyondGraph)
    {
        using var stream =
            typeof(PermissionRows).Assembly.GetManifestResourceStream(ResourceName)
            ?? throw new InvalidOperationException($"{ResourceName} is not embedded.");
        using var document = JsonDocument.Parse(stream, new() { AllowDuplicateProperties = false });
        return Read(document.RootElement, isBeyondGraph);
    }

    public static PermissionTable Read(JsonElement root, bool isBeyondGraph = false)
    {
        var grants = new ImmutableArray<Grant>[PermissionTable.RowCount];
        Array.Fill(grants, []);
        var missing = Enum.GetValues<Operation>().ToHashSet();
        foreach (var row in root.GetProperty("operations").EnumerateArray())
        {
            var name = row.GetProperty("operation").GetString();
            if (!Enum.TryParse<Operation>(name, ignoreCase: true, out var operation))
            {
                throw new InvalidDataException($"permissions.json: unknown operation {name}.");
            }
            if (!missing.Remove(operation))
            {
                throw new InvalidDataException($"permissions.json: {name} has two rows.");
            }
            foreach (var kind in Enum.GetValues<CallerKind>())
            {
                grants[PermissionTable.RowOf(operation, kind)] = ReadGrants(row, ColumnOf(kind));
            }
            if (isBeyondGraph)
            {
                var ours = ReadGrants(row, BeyondGraph);
                var application = PermissionTable.RowOf(operation, CallerKind.Application);
                grants[application] = grants[application].AddRange(ours);
            }
        }
        return missing.Count == 0
            ? new(grants, ReadPermissions(root.GetProperty("permissions")))
            : throw new InvalidDataException($"permissions.json: no row for {string.Join(", ", missing)}.");
    }

    private static string ColumnOf(CallerKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static ImmutableArray<Grant> ReadGrants(JsonElement row, string name) =>
        row.TryGetProperty(name, out var column) ? [.. column.EnumerateObject().Select(ReadGrant)] : [];

    private static Grant ReadGrant(JsonProperty grant) =>
        new(
            grant.Name,
            grant.Value.GetString() switch
            {
                "self" => Access.Self,
                "anyone" => Access.Everyone,
                var other => throw new InvalidDataException(
                    $"permissions.json: {grant.Name} opens '{other}', not self or anyone."
                ),
            }
        );

    private static FrozenDictionary<string, Permission> ReadPermissions(JsonElement permissions) =>
        permissions
            .EnumerateObject()
            .Select(permission => new Permission(
                permission.Name,
                IdOf(permission.Value, "delegated"),
                IdOf(permission.Value, "application"),
                permission.Value.GetProperty("adminConsent").EnumerateArray().Any(half => half.ValueEquals("delegated"))
            ))
            .ToFrozenDictionary(permission => permission.Name, StringComparer.Ordinal);

    private static Guid? IdOf(JsonElement permission, string half) =>
        permission.TryGetProperty(half, out var id) ? id.GetGuid() : null;
}
