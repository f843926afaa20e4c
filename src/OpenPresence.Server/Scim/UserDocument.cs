using System.Text.Json.Nodes;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>
/// A person of the directory as a user of SCIM, and back. Of mail addresses and offices one is kept: the primary one,
/// else that of type work, else one without a type; of phone numbers those for work and a mobile one. The
/// document has only what <see cref="UserReader"/> or <see cref="Of"/> put there.
/// </summary>
internal static class UserDocument
{
    /// <summary>What is kept of a person, in the order of the schema.</summary>
    public static JsonObject Of(Person person)
    {
        var document = new JsonObject();
        Put(document, "externalId", person.ExternalId);
        Put(document, "userName", person.UserPrincipalName);
        var name = new JsonObject();
        Put(name, "givenName", person.GivenName);
        Put(name, "familyName", person.Surname);
        PutIfAny(document, "name", name);
        Put(document, "displayName", person.DisplayName);
        Put(document, "title", person.JobTitle);
        Put(document, "preferredLanguage", person.PreferredLanguage);
        Put(document, "timezone", person.TimeZone);
        document["active"] = person.AccountEnabled;
        if (person.Mail is { } mail)
        {
            document["emails"] = new JsonArray(Value(mail, "work", isPrimary: true));
        }
        JsonNode[] phones =
        [
            .. person.BusinessPhones.Select(phone => Value(phone, "work")),
            .. person.MobilePhone is { } mobile ? [Value(mobile, "mobile")] : Array.Empty<JsonNode>(),
        ];
        if (phones.Length > 0)
        {
            document["phoneNumbers"] = new JsonArray(phones);
        }
        if (person.OfficeLocation is { } office)
        {
            document["addresses"] = new JsonArray(new JsonObject { ["formatted"] = office, ["type"] = "work" });
        }
        var enterprise = new JsonObject();
        Put(enterprise, "department", person.Department);
        PutIfAny(document, ScimSchema.EnterpriseId, enterprise);
        return document;
    }

    /// <summary>The person that a document describes; only to be used when there are no faults.</summary>
    /// <param name="document">The document.</param>
    /// <param name="id">The person's id.</param>
    /// <param name="tenant">The person's tenant.</param>
    /// <param name="former">The person as it was; null: the person is new.</param>
    /// <param name="faults">Where faults go.</param>
    public static Person ToPerson(JsonObject document, Guid id, Tenant tenant, Person? former, ScimFaults faults)
    {
        var reader = new PersonReader(document, faults);
        var userName = reader.UserName(tenant, former?.UserPrincipalName);
        var (given, family) = reader.Names();
        var names = $"{given} {family}".Trim();
        return new Person(
            id,
            tenant.Id,
            userName,
            reader.Text("displayName", PersonLimits.DisplayNameCharsMax) ?? (names.Length > 0 ? names : userName)
        )
        {
            ExternalId = reader.Text("externalId", PersonLimits.ExternalIdCharsMax),
            GivenName = given,
            Surname = family,
            Mail = reader.One("emails", "value", PersonLimits.UserPrincipalNameCharsMax),
            JobTitle = reader.Text("title", PersonLimits.JobTitleCharsMax),
            Department = reader.Department(),
            OfficeLocation = reader.One("addresses", "formatted", PersonLimits.OfficeLocationCharsMax),
            MobilePhone = reader.Phones(isMobile: true).FirstOrDefault(),
            BusinessPhones = reader.Phones(isMobile: false),
            PreferredLanguage = reader.Text("preferredLanguage", PersonLimits.LanguageCharsMax),
            // These two are never without a value; who does not speak of them does not mean to change them.
            TimeZone = reader.TimeZone() ?? former?.TimeZone ?? "UTC",
            AccountEnabled = document["active"]?.GetValue<bool>() ?? former?.AccountEnabled ?? true,
        };
    }

    /// <summary>Whether one of several values is the one that counts.</summary>
    public static bool IsPrimary(JsonNode? value) => value?["primary"] is { } primary && primary.GetValue<bool>();

    private static JsonObject Value(string value, string type, bool isPrimary = false)
    {
        var one = new JsonObject { ["value"] = value, ["type"] = type };
        if (isPrimary)
        {
            one["primary"] = true;
        }
        return one;
    }

    private static void Put(JsonObject target, string name, string? text)
    {
        if (text is not null)
        {
            target[name] = text;
        }
    }

    private static void PutIfAny(JsonObject target, string name, JsonObject parts)
    {
        if (parts.Count > 0)
        {
            target[name] = parts;
        }
    }
}
