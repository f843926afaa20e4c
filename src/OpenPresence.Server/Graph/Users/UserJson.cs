using System.Text.Json;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>The JSON of a user, member by member.</summary>
internal static class UserJson
{
    /// <summary>Writes the members; who may see the basic profile only gets null for the rest.</summary>
    public static void Write(Utf8JsonWriter json, Person person, UserSelection selection, bool isBasicOnly)
    {
        foreach (var property in selection.Properties)
        {
            json.WritePropertyName(property.Name);
            var isShown = property.IsBasic || !isBasicOnly;
            if (property.Form == UserPropertyForm.Texts)
            {
                WriteTexts(json, isShown && property.Name == "businessPhones" ? person : null);
            }
            else if ((isShown ? property.Of?.Invoke(person) : null) is not { Length: > 0 } value)
            {
                json.WriteNullValue();
            }
            else if (property.Form == UserPropertyForm.Flag)
            {
                json.WriteBooleanValue(value == "true");
            }
            else
            {
                json.WriteStringValue(value);
            }
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, Person? person)
    {
        json.WriteStartArray();
        foreach (var phone in person?.BusinessPhones ?? [])
        {
            json.WriteStringValue(phone);
        }
        json.WriteEndArray();
    }
}
