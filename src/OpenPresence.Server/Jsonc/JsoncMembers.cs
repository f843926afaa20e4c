namespace OpenPresence.Server.Jsonc;

/// <summary>
/// The members of one object, asked for by name; what was not asked for is a fault at the end. Every question
/// adds its own fault and answers something harmless, so that one reading finds all of them.
/// </summary>
public sealed class JsoncMembers
{
    private readonly JsoncValue _value;
    private readonly ICollection<JsoncFault> _faults;
    private readonly List<string> _known = [];

    /// <summary>Begins with an object; another kind of value is a fault and has no members.</summary>
    public JsoncMembers(JsoncValue value, ICollection<JsoncFault> faults)
    {
        _value = value;
        _faults = faults;
        if (value.Kind != JsoncKind.Object)
        {
            Report(value, $"Must be an object, not {Word(value.Kind)}.");
        }
    }

    /// <summary>The member, whatever it is; null when it is missing or null.</summary>
    public JsoncValue? Any(string name)
    {
        _known.Add(name);
        foreach (var member in _value.Members)
        {
            if (member.Name == name)
            {
                return member.Value.Kind == JsoncKind.Null ? null : member.Value;
            }
        }

        return null;
    }

    /// <summary>The member; that it is missing is a fault.</summary>
    public JsoncValue? Required(string name)
    {
        var member = Any(name);
        if (member is null && _value.Kind == JsoncKind.Object)
        {
            Report(_value, $"The member '{name}' is missing.");
        }

        return member;
    }

    /// <summary>The member if it is of that kind; another kind is a fault.</summary>
    public JsoncValue? Of(JsoncKind kind, string name)
    {
        var member = Any(name);
        return member is null || IsOf(kind, member) ? member : null;
    }

    /// <summary>The text of a member.</summary>
    /// <param name="name">The member.</param>
    /// <param name="charsMax">The most UTF-16 characters.</param>
    public string? Text(string name, int charsMax) => TextOf(Any(name), charsMax);

    /// <summary>The text of a member that may have several lines.</summary>
    public string? Lines(string name, int charsMax) =>
        TextOf(Any(name), charsMax, c => char.IsControl(c) && c is not ('\n' or '\t'));

    /// <summary>The text of a member that must be there and not be empty.</summary>
    public string RequiredText(string name, int charsMax)
    {
        var member = Required(name);
        var text = TextOf(member, charsMax);
        if (text is { Length: 0 })
        {
            Report(member!, "Must not be empty.");
        }

        return text ?? "";
    }

    /// <summary>A Boolean member, or what counts when it is missing.</summary>
    public bool Flag(string name, bool otherwise) =>
        Of(JsoncKind.Boolean, name) is { } member ? member.Text == "true" : otherwise;

    /// <summary>The items of an array member; none when it is missing.</summary>
    public IReadOnlyList<JsoncValue> Items(string name, int itemsMax)
    {
        var member = Of(JsoncKind.Array, name);
        if (member is null || member.Items.Length <= itemsMax)
        {
            return member is null ? [] : member.Items;
        }

        Report(member, $"Has {member.Items.Length} items; at most {itemsMax} are allowed.");
        return [];
    }

    /// <summary>The texts of an array member; none when it is missing.</summary>
    public IEnumerable<(JsoncValue Value, string Text)> Texts(string name, int itemsMax, int charsMax)
    {
        foreach (var item in Items(name, itemsMax))
        {
            if (TextOf(item, charsMax) is { } text)
            {
                yield return (item, text);
            }
        }
    }

    /// <summary>An id: a GUID in its usual form, and not of zeros alone.</summary>
    public Guid? Id(string name) => IdOf(Any(name));

    /// <summary>An id that must be there.</summary>
    public Guid RequiredId(string name) => IdOf(Required(name)) ?? Guid.Empty;

    /// <summary>Reports every member that was not asked for, with the nearest name that exists.</summary>
    public void Done()
    {
        foreach (var (name, position, value) in _value.Members)
        {
            if (!_known.Contains(name, StringComparer.Ordinal) && name != "$schema")
            {
                var hint = Nearest.To(name, _known) is { } near ? $" Did you mean '{near}'?" : "";
                _faults.Add(new JsoncFault(position, value.Path, $"Unknown member.{hint}"));
            }
        }
    }

    /// <summary>Adds a fault of a value.</summary>
    public void Report(JsoncValue value, string message) => _faults.Add(value.Fault(message));

    private string? TextOf(JsoncValue? member, int charsMax, Func<char, bool>? isRefused = null)
    {
        if (member is null || !IsOf(JsoncKind.Text, member))
        {
            return null;
        }

        if (member.Text.Length > charsMax)
        {
            Report(member, $"Has {member.Text.Length} characters; at most {charsMax} are allowed.");
            return null;
        }

        if (member.Text.Any(isRefused ?? char.IsControl))
        {
            Report(member, "Contains a control character.");
            return null;
        }

        return member.Text;
    }

    private Guid? IdOf(JsoncValue? member)
    {
        if (member is null || !IsOf(JsoncKind.Text, member))
        {
            return null;
        }

        if (Guid.TryParseExact(member.Text, "D", out var id) && id != Guid.Empty)
        {
            return id;
        }

        Report(member, $"'{member.Text}' is no id: {IdForm}");
        return null;
    }

    private const string IdForm = "32 hexadecimal digits as 00000000-0000-0000-0000-000000000000.";

    private bool IsOf(JsoncKind kind, JsoncValue value)
    {
        if (value.Kind == kind)
        {
            return true;
        }

        Report(value, $"Must be {Word(kind)}, not {Word(value.Kind)}.");
        return false;
    }

    private static string Word(JsoncKind kind) =>
        kind switch
        {
            JsoncKind.Object => "an object",
            JsoncKind.Array => "an array",
            JsoncKind.Text => "a string",
            JsoncKind.Number => "a number",
            JsoncKind.Boolean => "true or false",
            _ => "null",
        };
}
