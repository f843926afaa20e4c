using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>What a list of users is sorted by; people who are equal in that stand in the order of their names.</summary>
internal sealed record UserOrder(UserProperty Property, bool IsDescending) : IComparer<UserPlace>
{
    /// <summary>Whether this is the order in which people are kept, so that nothing needs sorting.</summary>
    public bool IsKeptOrder => Property.Name == "userPrincipalName" && !IsDescending;

    /// <summary>Reads <c>$orderby</c>: one property, then perhaps <c>asc</c> or <c>desc</c>.</summary>
    public static Refusal? Read(string text, out UserOrder? order)
    {
        order = null;
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var direction = words.Length > 1 ? words[1] : "asc";
        if (
            words.Length is 1 or 2
            && UserProperties.Find(words[0]) is { IsAskable: true } property
            && direction.ToLowerInvariant() is "asc" or "desc"
        )
        {
            order = new UserOrder(property, direction.Equals("desc", StringComparison.OrdinalIgnoreCase));
            return null;
        }
        return new Refusal(
            RefusalKind.UnsupportedQuery,
            "Unsupported sort property: one property of a user can be sorted by, then asc or desc."
        )
        {
            Target = "$orderby",
        };
    }

    /// <summary>Where a person stands.</summary>
    public UserPlace PlaceOf(PackedPerson row) => new(Property.OfRow!(row) ?? "", row.UserPrincipalName);

    public int Compare(UserPlace x, UserPlace y)
    {
        var byValue = string.Compare(x.Value, y.Value, StringComparison.OrdinalIgnoreCase);
        return byValue != 0
            ? IsDescending
                ? -byValue
                : byValue
            : AsciiCaseComparer.Instance.Compare(x.Name, y.Name);
    }
}

/// <summary>Where a person stands in a list.</summary>
/// <param name="Value">What is sorted by; empty when nothing is.</param>
/// <param name="Name">The user principal name.</param>
internal readonly record struct UserPlace(string Value, string Name);
