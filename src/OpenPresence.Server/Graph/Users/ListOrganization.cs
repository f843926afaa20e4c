using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>Reads the caller's tenant, as a list of one.</summary>
/// <remarks>
/// <para>Route: GET /organization</para>
/// <para>Permissions: User.Read, Organization.Read.All and higher; application: Organization.Read.All and
/// higher.</para>
/// <para>Body: none. Query: none; $select is taken and everything shown.</para>
/// <para>Answers: 200 value[] with id, displayName, verifiedDomains, and no plans; 401; 403; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/organization-list</para>
/// </remarks>
public static class ListOrganization
{
    private static readonly string[] Supported = ["select"];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (QueryOptions.Parse(call, Supported, out _) is { } refusal)
        {
            return new(refusal);
        }
        var isKnown = call.Server.Directory.TryGetTenant(call.Caller.TenantId, out var tenant);
        JsonAnswer.Write(
            call,
            "organization",
            json =>
            {
                json.WriteStartArray("value");
                if (isKnown)
                {
                    Write(json, tenant!);
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private static void Write(System.Text.Json.Utf8JsonWriter json, Tenant tenant)
    {
        json.WriteStartObject();
        json.WriteString("id", tenant.Id);
        json.WriteString("displayName", tenant.DisplayName);
        json.WriteString("tenantType", "AAD");
        json.WriteStartArray("assignedPlans");
        json.WriteEndArray();
        json.WriteStartArray("businessPhones");
        json.WriteEndArray();
        json.WriteStartArray("verifiedDomains");
        for (var i = 0; i < tenant.Domains.Length; i++)
        {
            json.WriteStartObject();
            json.WriteString("capabilities", "Email, OfficeCommunicationsOnline");
            json.WriteBoolean("isDefault", i == 0);
            json.WriteBoolean("isInitial", i == 0);
            json.WriteString("name", tenant.Domains[i]);
            json.WriteString("type", "Managed");
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
