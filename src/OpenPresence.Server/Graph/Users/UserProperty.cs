using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>How a property of a user is written.</summary>
public enum UserPropertyForm : byte
{
    Text,
    Flag,
    Texts,
}

/// <summary>One property of Graph's user as this server has it.</summary>
/// <param name="Name">As Graph spells it.</param>
/// <param name="Form">How it is written.</param>
/// <param name="Of">The value of a person; null: this server keeps none, so it reads null or an empty list.</param>
/// <param name="OfRow">The same of a person who is only looked at.</param>
public sealed record UserProperty(
    string Name,
    UserPropertyForm Form,
    Func<Person, string?>? Of = null,
    Func<PackedPerson, string?>? OfRow = null
)
{
    /// <summary>Whether it is in an answer without <c>$select</c> (user-get page, D).</summary>
    public bool IsDefault { get; init; }

    /// <summary>Whether User.ReadBasic.All shows it: the basic profile (permissions reference, D).</summary>
    public bool IsBasic { get; init; }

    /// <summary>Whether <c>$filter</c>, <c>$search</c> and <c>$orderby</c> may name it.</summary>
    public bool IsAskable => Of is not null;
}
