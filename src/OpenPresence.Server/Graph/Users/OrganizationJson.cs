using System.Collections.Frozen;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>The JSON of Graph's organization: what is known of a tenant, then what the schema has besides.</summary>
internal static class OrganizationJson
{
    /// <summary>Shown without <c>$select</c>, in this order.</summary>
    public static readonly string[] Defaults =
    [
        "id",
        "displayName",
        "tenantType",
        "assignedPlans",
        "businessPhones",
        "verifiedDomains",
    ];

    private static readonly string[] NullInSchema =
    [
        "city",
        "country",
        "countryLetterCode",
        "createdDateTime",
        "defaultUsageLocation",
        "deletedDateTime",
        "mobileDeviceManagementAuthority",
        "onPremisesLastSyncDateTime",
        "onPremisesSyncEnabled",
        "partnerTenantType",
        "postalCode",
        "preferredLanguage",
        "privacyProfile",
        "state",
        "street",
    ];

    private static readonly string[] EmptyInSchema =
    [
        "marketingNotificationEmails",
        "provisionedPlans",
        "securityComplianceNotificationMails",
        "securityComplianceNotificationPhones",
        "technicalNotificationMails",
    ];

    /// <summary>Every member, in the order in which an answer shows them.</summary>
    public static readonly string[] Members = [.. Defaults, .. NullInSchema, .. EmptyInSchema];

    /// <summary>Where one gets to from an organization: selected and not shown.</summary>
    public static readonly string[] Navigations = ["branding", "certificateBasedAuthConfiguration", "extensions"];

    /// <summary>Reads <c>$select</c>; null stands for the defaults.</summary>
    public static Refusal? Select(string? select, out FrozenSet<string> members)
    {
        var names = select?.Split(',', StringSplitOptions.TrimEntries) ?? Defaults;
        members = (names.Contains("*", StringComparer.Ordinal) ? [.. names, .. Defaults] : names).ToFrozenSet(
            StringComparer.OrdinalIgnoreCase
        );
        return Array.Find(names, name => !IsKnown(name)) is { } unknown
            ? new Refusal(
                RefusalKind.BadRequest,
                $"Could not find a property named '{unknown}' on type 'microsoft.graph.organization'."
            )
            {
                Target = "$select",
            }
            : null;
    }

    public static void Write(Utf8JsonWriter json, Tenant tenant, FrozenSet<string> members)
    {
        json.WriteStartObject();
        foreach (var member in Members)
        {
            if (members.Contains(member))
            {
                json.WritePropertyName(member);
                WriteValue(json, tenant, member);
            }
        }
        json.WriteEndObject();
    }

    private static bool IsKnown(string name) =>
        name == "*"
        || Members.Contains(name, StringComparer.OrdinalIgnoreCase)
        || Navigations.Contains(name, StringComparer.OrdinalIgnoreCase);

    private static void WriteValue(Utf8JsonWriter json, Tenant tenant, string member)
    {
        switch (member)
        {
            case "id":
                json.WriteStringValue(tenant.Id);
                break;
            case "displayName":
                json.WriteStringValue(tenant.DisplayName);
                break;
            case "tenantType":
                json.WriteStringValue("AAD");
                break;
            case "verifiedDomains":
                WriteDomains(json, tenant);
                break;
            case "assignedPlans" or "businessPhones":
                WriteNothing(json);
                break;
            default:
                if (EmptyInSchema.Contains(member, StringComparer.Ordinal))
                {
                    WriteNothing(json);
                }
                else
                {
                    json.WriteNullValue();
                }
                break;
        }
    }

    private static void WriteNothing(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        json.WriteEndArray();
    }

    private static void WriteDomains(Utf8JsonWriter json, Tenant tenant)
    {
        json.WriteStartArray();
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
    }
}
