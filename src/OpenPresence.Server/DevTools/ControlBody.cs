using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.DevTools;

/// <summary>Members of bodies that the routes of the control API share; a fault is added where one is wrong.</summary>
internal static class ControlBody
{
    /// <summary>An id; null when it is absent or wrong.</summary>
    public static Guid? Id(ActionBody body, JsonElement? value, string member)
    {
        if (body.Text(value, member) is not { } text)
        {
            return null;
        }
        if (Guid.TryParseExact(text, "D", out var id))
        {
            return id;
        }
        body.Fault(member, "Must be a GUID.");
        return null;
    }

    /// <summary>A whole number within a range; null when it is absent or wrong.</summary>
    public static int? Number(ActionBody body, JsonElement? value, string member, int least, int most)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }
        if (
            given.ValueKind == JsonValueKind.Number
            && given.TryGetInt32(out var number)
            && number >= least
            && number <= most
        )
        {
            return number;
        }
        body.Fault(member, $"Must be a whole number from {least} to {most}.");
        return null;
    }

    /// <summary>true or false; false when it is absent or wrong.</summary>
    public static bool Flag(ActionBody body, JsonElement? value, string member)
    {
        if (value is { ValueKind: not (JsonValueKind.Null or JsonValueKind.True or JsonValueKind.False) })
        {
            body.Fault(member, "Must be true or false.");
        }
        return value is { ValueKind: JsonValueKind.True };
    }

    /// <summary>Writes a text that may be absent.</summary>
    public static void Optional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    /// <summary>Writes a number that may be absent.</summary>
    public static void Optional(Utf8JsonWriter json, string name, int? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    /// <summary>Answers 204.</summary>
    public static ValueTask<Refusal?> Done(GraphCall call)
    {
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return default;
    }
}
