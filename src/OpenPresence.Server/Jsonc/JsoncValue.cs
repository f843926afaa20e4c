using System.Collections.Immutable;

namespace OpenPresence.Server.Jsonc;

/// <summary>What a value of a document is.</summary>
public enum JsoncKind : byte
{
    Object,
    Array,
    Text,
    Number,
    Boolean,
    Null,
}

/// <summary>Where something stands in a document: both count from 1, the column in characters.</summary>
public readonly record struct JsoncPosition(int Line, int Column);

/// <summary>One fault of a document that a person wrote.</summary>
/// <param name="Position">Where.</param>
/// <param name="Path">The JSON path, <c>$.people[3].id</c>.</param>
/// <param name="Message">A sentence that says what to change.</param>
public sealed record JsoncFault(JsoncPosition Position, string Path, string Message)
{
    /// <summary>In the order of the document.</summary>
    public static IComparer<JsoncFault> ByPosition { get; } =
        Comparer<JsoncFault>.Create(
            (x, y) => (x.Position.Line, x.Position.Column).CompareTo((y.Position.Line, y.Position.Column))
        );

    /// <summary>As compilers write it, so that editors jump there: <c>(line,column): path: message</c>.</summary>
    public override string ToString() => $"({Position.Line},{Position.Column}): {Path}: {Message}";
}

/// <summary>A member of an object.</summary>
public readonly record struct JsoncMember(string Name, JsoncPosition Position, JsoncValue Value);

/// <summary>A value of a document, and where it stands.</summary>
public sealed class JsoncValue
{
    internal JsoncValue(JsoncKind kind, JsoncPosition position, string path)
    {
        Kind = kind;
        Position = position;
        Path = path;
    }

    public JsoncKind Kind { get; }

    public JsoncPosition Position { get; }

    /// <summary>The JSON path from the document's root, <c>$</c>.</summary>
    public string Path { get; }

    /// <summary>The text; of a number or a Boolean as it is written; otherwise empty.</summary>
    public string Text { get; internal init; } = "";

    /// <summary>The members of an object in the order of the document; a name stands once.</summary>
    public ImmutableArray<JsoncMember> Members { get; internal set; } = [];

    /// <summary>The items of an array.</summary>
    public ImmutableArray<JsoncValue> Items { get; internal set; } = [];

    /// <summary>A fault of this value.</summary>
    public JsoncFault Fault(string message) => new(Position, Path, message);
}
