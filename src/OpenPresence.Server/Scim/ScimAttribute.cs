using System.Collections.Immutable;

namespace OpenPresence.Server.Scim;

/// <summary>What an attribute holds.</summary>
internal enum ScimType : byte
{
    Text,
    Flag,
    Complex,

    /// <summary>
    /// Of RFC 7643, and nothing of ours: whoever sends it is not refused, but it is neither looked at nor kept nor
    /// shown. Identity providers send such attributes without being asked, a password among them.
    /// </summary>
    NotKept,
}

/// <summary>One attribute of a schema.</summary>
/// <param name="Name">As RFC 7643 spells it; requests may use any letter case.</param>
/// <param name="Type">What it holds.</param>
/// <param name="Description">For <c>/Schemas</c>.</param>
internal sealed record ScimAttribute(string Name, ScimType Type, string Description = "")
{
    public bool IsMultiValued { get; init; }

    /// <summary>Whether it always has a value, so that no caller can take it away.</summary>
    public bool IsRequired { get; init; }

    public bool IsReadOnly { get; init; }

    public bool IsCaseExact { get; init; }

    /// <summary>Whether no two people of a tenant share a value.</summary>
    public bool IsUnique { get; init; }

    public ImmutableArray<ScimAttribute> SubAttributes { get; init; } = [];

    /// <summary>The values that a <c>type</c> is kept with.</summary>
    public ImmutableArray<string> CanonicalValues { get; init; } = [];

    public bool IsKept => Type != ScimType.NotKept;

    /// <summary>The part of that name, whatever its letter case; null: there is none.</summary>
    public ScimAttribute? Find(ReadOnlySpan<char> name) => Find(SubAttributes, name);

    /// <summary>The attribute of that name among some.</summary>
    public static ScimAttribute? Find(ImmutableArray<ScimAttribute> attributes, ReadOnlySpan<char> name)
    {
        foreach (var attribute in attributes)
        {
            if (name.Equals(attribute.Name, StringComparison.OrdinalIgnoreCase))
            {
                return attribute;
            }
        }
        return null;
    }
}
