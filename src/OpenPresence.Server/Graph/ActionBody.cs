using System.Text.Json;
using System.Text.Unicode;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The parameters of an action, as OData has them: a JSON object whose names match in any letter case
/// (query-parameters page, D). Everything that is wrong is collected, so that one answer names it all.
/// Annotations (<c>@odata.type</c>), which SDKs add, are skipped.
/// </summary>
public sealed class ActionBody : IDisposable
{
    /// <summary>Deeper JSON is refused; the deepest body here has four levels.</summary>
    public const int DepthMax = 8;

    private static readonly JsonDocumentOptions Options = new()
    {
        MaxDepth = DepthMax,
        AllowDuplicateProperties = false,
    };

    private readonly JsonDocument document;
    private readonly UnknownMembers unknown;
    private readonly List<RefusalDetail> faults = [];

    private ActionBody(JsonDocument document, UnknownMembers unknown) =>
        (this.document, this.unknown) = (document, unknown);

    /// <summary>Reads the body of a call. Exactly one of the two results is set.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayBeEmpty">Whether no body stands for <c>{}</c>, or <c>null</c>, as some clients say nothing.</param>
    /// <param name="unknown">What becomes of a member that the reader does not name.</param>
    public static async ValueTask<(ActionBody? Body, Refusal? Refusal)> ReadAsync(
        GraphCall call,
        bool mayBeEmpty = false,
        UnknownMembers unknown = UnknownMembers.Refused
    )
    {
        var read = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted);
        if (read.Refusal is not null)
        {
            return (null, read.Refusal);
        }
        if (read.Bytes.IsEmpty && !mayBeEmpty)
        {
            return (null, new Refusal(RefusalKind.BadRequest, "The request needs a JSON body."));
        }
        if (!Utf8.IsValid(read.Bytes.Span))
        {
            return (null, NotJson); // the parser looks into the texts only when they are read
        }
        try
        {
            var parsed = JsonDocument.Parse(
                mayBeEmpty && IsNothing(read.Bytes.Span) ? "{}"u8.ToArray() : read.Bytes,
                Options
            );
            return parsed.RootElement.ValueKind == JsonValueKind.Object
                ? (new ActionBody(parsed, unknown), null)
                : (null, NotAnObject(parsed));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second is what the search for members that stand twice throws for half a surrogate pair in a name.
            return (null, NotJson);
        }
    }

    private static Refusal NotJson { get; } =
        new(RefusalKind.BadRequest, "The body is not valid JSON, or a member stands in it twice.");

    private static bool IsNothing(ReadOnlySpan<byte> body) => body.IsEmpty || body.SequenceEqual("null"u8);

    /// <summary>The refusal that names every fault; null: there was none.</summary>
    public Refusal? Refusal =>
        faults.Count == 0
            ? null
            : new Refusal(RefusalKind.InvalidArgument, faults[0].Message)
            {
                Target = faults[0].Code,
                Details = faults.Count == 1 ? [] : faults,
            };

    /// <summary>Adds a fault of one member.</summary>
    public void Fault(string member, string message) => faults.Add(new(member, message));

    /// <summary>The top-level members, in the order of the names.</summary>
    public JsonElement?[] Members(params ReadOnlySpan<string> names) => Members(document.RootElement, "", names);

    /// <summary>The members of an object inside the body, in the order of the names.</summary>
    /// <param name="parent">The object.</param>
    /// <param name="path">Where it stands, for messages; empty for the body itself.</param>
    /// <param name="names">What it may hold.</param>
    public JsonElement?[] Members(JsonElement parent, string path, params ReadOnlySpan<string> names)
    {
        var found = new JsonElement?[names.Length];
        foreach (var member in parent.EnumerateObject())
        {
            if (member.Name.Contains('@'))
            {
                continue;
            }
            var index = IndexOf(names, member.Name);
            if (index < 0)
            {
                if (unknown == UnknownMembers.PassedOver)
                {
                    continue;
                }
                Fault(Join(path, Shorten(member.Name)), Unknown(member.Name, names));
            }
            else if (found[index] is not null)
            {
                Fault(Join(path, names[index]), $"The member '{names[index]}' stands twice.");
            }
            else
            {
                found[index] = member.Value;
            }
        }
        return found;
    }

    /// <summary>A string; null when absent or JSON null; a fault when it is something else.</summary>
    public string? Text(JsonElement? value, string member)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }
        if (given.ValueKind == JsonValueKind.String && TryGetString(given, out var text))
        {
            return text;
        }
        Fault(member, $"The provided [{Pascal(member)}] must be a string.");
        return null;
    }

    /// <summary>True or false; null when absent or JSON null; a fault when it is something else.</summary>
    public bool? Flag(JsonElement? value, string member)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }
        if (given.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return given.GetBoolean();
        }
        Fault(member, $"The provided [{Pascal(member)}] must be true or false.");
        return null;
    }

    /// <summary>An object; null when absent or JSON null; a fault when it is something else.</summary>
    public JsonElement? Object(JsonElement? value, string member)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
        {
            return null;
        }
        if (given.ValueKind == JsonValueKind.Object)
        {
            return given;
        }
        Fault(member, $"The provided [{Pascal(member)}] must be an object.");
        return null;
    }

    /// <summary>A member's name as Graph's messages spell it.</summary>
    public static string Pascal(string member)
    {
        var name = member[(member.LastIndexOf('.') + 1)..];
        return char.ToUpperInvariant(name[0]) + name[1..];
    }

    /// <inheritdoc />
    public void Dispose() => document.Dispose();

    private static Refusal NotAnObject(JsonDocument other)
    {
        other.Dispose();
        return new Refusal(RefusalKind.BadRequest, "The body must be a JSON object.");
    }

    private static bool TryGetString(JsonElement value, out string? text)
    {
        try
        {
            text = value.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            text = null; // an escaped lone surrogate, or bytes that are no UTF-8
            return false;
        }
    }

    private static int IndexOf(ReadOnlySpan<string> names, string name)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return i;
            }
        }
        return -1;
    }

    private static string Unknown(string name, ReadOnlySpan<string> names) =>
        names.Length == 0
            ? $"The parameter '{Shorten(name)}' is unknown; none is expected here."
            : $"The parameter '{Shorten(name)}' is unknown; expected: {string.Join(", ", names)}.";

    private static string Join(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    private static string Shorten(string name) => name.Length <= 50 ? name : name[..50] + "…";
}

/// <summary>What becomes of members that a body has and its reader does not name.</summary>
public enum UnknownMembers : byte
{
    /// <summary>Refused by name: a misspelt one would otherwise silently take its default.</summary>
    Refused,

    /// <summary>COMPAT(graph): passed over, as the service of presence does in its actions (R).</summary>
    PassedOver,
}
