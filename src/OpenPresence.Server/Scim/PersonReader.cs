using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OpenPresence.Server.Calendar;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>Takes the attributes of a person out of a document, each within its limit.</summary>
internal sealed class PersonReader(JsonObject document, ScimFaults faults)
{
    public string? Text(string name, int charsMax) => Bounded(document[name], name, charsMax);

    public (string? Given, string? Family) Names() =>
        (
            Bounded(document["name"]?["givenName"], "name.givenName", PersonLimits.NameCharsMax),
            Bounded(document["name"]?["familyName"], "name.familyName", PersonLimits.NameCharsMax)
        );

    public string? Department() =>
        Bounded(document[ScimSchema.EnterpriseId]?["department"], "department", PersonLimits.DepartmentCharsMax);

    /// <summary>The sign-in name, which tells the tenant: nobody takes a name in somebody else's domain.</summary>
    public string UserName(Tenant tenant, string? former)
    {
        var name = Text("userName", PersonLimits.UserPrincipalNameCharsMax);
        if (name is null)
        {
            faults.Add(ScimWords.InvalidValue, "userName is required.");
            return "";
        }
        var at = name.LastIndexOf('@');
        if (at <= 0 || name.Any(char.IsWhiteSpace))
        {
            faults.Add(ScimWords.InvalidValue, "userName must be like name@domain.");
        }
        else if (name != former && !tenant.Domains.Contains(name[(at + 1)..], AsciiCaseComparer.Instance))
        {
            faults.Add(
                ScimWords.InvalidValue,
                $"userName must be in a domain of the tenant: {string.Join(", ", tenant.Domains)}."
            );
        }
        return name;
    }

    public string? TimeZone()
    {
        var zone = Text("timezone", PersonLimits.TimeZoneCharsMax);
        if (zone is not null && !TimeZones.TryFind(zone, out _))
        {
            faults.Add(ScimWords.InvalidValue, "timezone must be a name such as Europe/Berlin.");
        }
        return zone;
    }

    /// <summary>The value that counts, of an attribute of which one is kept.</summary>
    public string? One(string name, string part, int charsMax)
    {
        var values = Values(name, part);
        var one =
            values.Find(UserDocument.IsPrimary)
            ?? values.Find(value => IsOf(value, "work"))
            ?? values.Find(value => value["type"] is null);
        return Bounded(one?[part], $"{name}.{part}", charsMax);
    }

    public ImmutableArray<string> Phones(bool isMobile)
    {
        var found = Values("phoneNumbers", "value")
            .Where(value => isMobile ? IsOf(value, "mobile") : value["type"] is null || IsOf(value, "work"))
            .ToList();
        if (found.Count > PersonLimits.BusinessPhonesMax)
        {
            faults.Add(
                ScimWords.InvalidValue,
                $"phoneNumbers may have {PersonLimits.BusinessPhonesMax} for work at most."
            );
        }
        return
        [
            .. found
                .Select(value => Bounded(value["value"], "phoneNumbers.value", PersonLimits.PhoneCharsMax))
                .OfType<string>(),
        ];
    }

    private List<JsonNode> Values(string name, string part) =>
        [.. (document[name] as JsonArray ?? []).OfType<JsonNode>().Where(v => v[part] is not null)];

    private string? Bounded(JsonNode? value, string path, int charsMax)
    {
        var text = value?.GetValue<string>();
        if (text?.Length > charsMax)
        {
            faults.Add(ScimWords.InvalidValue, $"{path} may have {charsMax} characters at most.");
        }
        return text;
    }

    private static bool IsOf(JsonNode value, string type) =>
        value["type"] is { } own && own.GetValue<string>().Equals(type, StringComparison.OrdinalIgnoreCase);
}
