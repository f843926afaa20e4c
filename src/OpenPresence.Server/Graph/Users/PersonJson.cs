using System.Collections.Frozen;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>The JSON of Graph's person, as <c>/people</c> answers it: members in the order of the page's examples.</summary>
internal static class PersonJson
{
    public static readonly string[] Members =
    [
        "id",
        "displayName",
        "givenName",
        "surname",
        "birthday",
        "personNotes",
        "isFavorite",
        "jobTitle",
        "companyName",
        "yomiCompany",
        "department",
        "officeLocation",
        "profession",
        "userPrincipalName",
        "imAddress",
        "scoredEmailAddresses",
        "phones",
        "postalAddresses",
        "websites",
        "personType",
    ];

    /// <summary>Reads <c>$select</c>; null stands for every member.</summary>
    public static Refusal? Select(string? select, out FrozenSet<string> members)
    {
        var names = select?.Split(',', StringSplitOptions.TrimEntries) ?? Members;
        members = names.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        return members.FirstOrDefault(name => !Members.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? new Refusal(
                RefusalKind.BadRequest,
                $"Could not find a property named '{unknown}' on type 'microsoft.graph.person'."
            )
            {
                Target = "$select",
                Details = [new("allowedValues", string.Join(", ", Members))],
            }
            : null;
    }

    public static void Write(Utf8JsonWriter json, Person person, FrozenSet<string> members)
    {
        json.WriteStartObject();
        foreach (var member in Members)
        {
            if (members.Contains(member))
            {
                json.WritePropertyName(member);
                WriteValue(json, person, member);
            }
        }
        json.WriteEndObject();
    }

    private static void WriteValue(Utf8JsonWriter json, Person person, string member)
    {
        switch (member)
        {
            case "isFavorite":
                json.WriteBooleanValue(false);
                break;
            case "scoredEmailAddresses":
                WriteAddresses(json, person);
                break;
            case "phones":
                WritePhones(json, person);
                break;
            case "postalAddresses" or "websites":
                json.WriteStartArray();
                json.WriteEndArray();
                break;
            case "personType":
                json.WriteStartObject();
                json.WriteString("class", "Person");
                json.WriteString("subclass", "OrganizationUser");
                json.WriteEndObject();
                break;
            default:
                json.WriteStringValue(TextOf(person, member));
                break;
        }
    }

    private static string? TextOf(Person person, string member) =>
        member switch
        {
            "id" => person.Id.ToString(),
            "displayName" => person.DisplayName,
            "givenName" => person.GivenName,
            "surname" => person.Surname,
            "jobTitle" => person.JobTitle,
            "department" => person.Department,
            "officeLocation" => person.OfficeLocation,
            "userPrincipalName" => person.UserPrincipalName,
            "imAddress" => $"sip:{person.UserPrincipalName}",
            _ => null,
        };

    private static void WriteAddresses(Utf8JsonWriter json, Person person)
    {
        json.WriteStartArray();
        if (person.Mail is { } mail)
        {
            json.WriteStartObject();
            json.WriteString("address", mail);
            json.WriteNumber("relevanceScore", 1);
            json.WriteString("selectionLikelihood", "notSpecified");
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePhones(Utf8JsonWriter json, Person person)
    {
        json.WriteStartArray();
        foreach (var number in person.BusinessPhones)
        {
            WritePhone(json, "business", number);
        }
        if (person.MobilePhone is { } mobile)
        {
            WritePhone(json, "mobile", mobile);
        }
        json.WriteEndArray();
    }

    private static void WritePhone(Utf8JsonWriter json, string type, string number)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        json.WriteString("number", number);
        json.WriteEndObject();
    }
}
