using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Users;

/// <summary>Reads the caller's tenant, as a list of one.</summary>
/// <remarks>
/// <para>Route: GET /organization</para>
/// <para>Permissions: User.Read, Organization.Read.All and higher; application: Organization.Read.All and
/// higher.</para>
/// <para>Body: none. Query: $select.</para>
/// <para>Answers: 200 value[] with id, displayName, verifiedDomains, and no plans; properties that are not kept here
/// read null; 400 unknown property in $select; 401; 403; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/organization-list</para>
/// </remarks>
public static class ListOrganization
{
    private static readonly string[] Supported = ["select"];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        refusal ??= OrganizationJson.Select(query.Select, out _);
        if (refusal is not null)
        {
            return new(refusal);
        }
        OrganizationJson.Select(query.Select, out var members);
        var isKnown = call.Server.Directory.TryGetTenant(call.Caller.TenantId, out var tenant);
        JsonAnswer.Write(
            call,
            query.Select is { } names ? $"organization({names})" : "organization",
            json =>
            {
                json.WriteStartArray("value");
                if (isKnown)
                {
                    OrganizationJson.Write(json, tenant!, members);
                }
                json.WriteEndArray();
            }
        );
        return default;
    }
}
