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
    private readonly BodyRules rules;
    private readonly List<BodyFault> faults = [];

    private ActionBody(JsonDocument document, BodyRules rules) => (this.document, this.rules) = (document, rules);

    /// <summary>Reads the body of a call. Exactly one of the two results is set.</summary>
    /// <param name="call">The call.</param>
    /// <param name="mayBeEmpty">Whether no body stands for <c>{}</c>, or <c>null</c>, as some clients say nothing.</param>
    public static ValueTask<(ActionBody? Body, Refusal? Refusal)> ReadAsync(GraphCall call, bool mayBeEmpty = false) =>
        ReadAsync(call, new BodyRules { MayBeEmpty = mayBeEmpty });

    /// <summary>The same by other rules.</summary>
    public static async ValueTask<(ActionBody? Body, Refusal? Refusal)> ReadAsync(GraphCall call, BodyRules rules)
    {
        var read = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted);
        if (read.Refusal is not null)
        {
            return (null, read.Refusal);
        }
        if (read.Bytes.IsEmpty && !rules.MayBeEmpty)
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
                rules.MayBeEmpty && IsNothing(read.Bytes.Span) ? "{}"u8.ToArray() : read.Bytes,
                Options
            );
            return parsed.RootElement.ValueKind == JsonValueKind.Object
                ? (new ActionBody(parsed, rules), null)
                : (null, NotAnObject(parsed));
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            // The second is what the search for members that stand twice throws for half a surrogate pair in a name.
            return (null, NotJson);
        }
    }

    private static Refusal NotJson { get; } =
        BodyReader.Unreadable("body", "The body is not valid JSON, or a member stands in it twice.");

    private static bool IsNothing(ReadOnlySpan<byte> body) => body.IsEmpty || body.SequenceEqual("null"u8);

    /// <summary>The refusal that names every fault; null: there was none.</summary>
    public Refusal? Refusal
    {
        get
        {
            if (faults.Count == 0)
            {
                return null;
            }
            // What no service could read comes before what one would not have.
            var first = faults.Find(fault => fault.Kind == RefusalKind.PayloadUnreadable) ?? faults[0];
            return new Refusal(first.Kind, first.Message)
            {
                Target = first.Member,
                Details = faults is [{ IsSaidInFull: true }] ? [] : [.. faults.Select(fault => fault.Detail)],
            };
        }
    }

    /// <summary>Adds a fault of one member.</summary>
    public void Fault(string member, string message) => faults.Add(new(rules.ValueFault, member, message, null));

    /// <summary>Adds a fault for which Graph has words of its own; ours stand beside them in the details.</summary>
    /// <param name="kind">Whose row of the table has its code.</param>
    /// <param name="member">Where it is.</param>
    /// <param name="argument">What fills the hole of the row's message.</param>
    /// <param name="explanation">What would be right.</param>
    public void Fault(RefusalKind kind, string member, string argument, string explanation) =>
        faults.Add(new(kind, member, argument, explanation));

    /// <summary>Adds a fault of the form: a member that there is not, a text where a number should be.</summary>
    public void ShapeFault(string member, string message) =>
        faults.Add(new(rules.ShapeFault, member, message, message));

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
                if (rules.Unknown == UnknownMembers.PassedOver)
                {
                    continue;
                }
                ShapeFault(Join(path, Shorten(member.Name)), Unknown(member.Name, names));
            }
            else if (found[index] is not null)
            {
                ShapeFault(Join(path, names[index]), $"The member '{names[index]}' stands twice.");
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
        ShapeFault(member, $"The provided [{Pascal(member)}] must be a string.");
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
        ShapeFault(member, $"The provided [{Pascal(member)}] must be true or false.");
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
        ShapeFault(member, $"The provided [{Pascal(member)}] must be an object.");
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
