using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>How a body is read, where routes differ.</summary>
public sealed record BodyRules
{
    /// <summary>Whether no body stands for <c>{}</c>, or <c>null</c>, as some clients say nothing.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>What becomes of a member that the reader does not name.</summary>
    public UnknownMembers Unknown { get; init; }

    /// <summary>What a body of another form is refused with: a member that there is not, a value of another type.</summary>
    public RefusalKind ShapeFault { get; init; } = RefusalKind.InvalidArgument;

    /// <summary>What a value that may not be is refused with.</summary>
    public RefusalKind ValueFault { get; init; } = RefusalKind.InvalidArgument;
}

/// <summary>What becomes of members that a body has and its reader does not name.</summary>
public enum UnknownMembers : byte
{
    /// <summary>Refused by name: a misspelt one would otherwise silently take its default.</summary>
    Refused,

    /// <summary>COMPAT(graph): passed over, as the service of presence does in its actions (R).</summary>
    PassedOver,
}

/// <summary>One fault of a body.</summary>
/// <param name="Kind">Whose row of the table has its code.</param>
/// <param name="Member">Where it is.</param>
/// <param name="Message">What is said first.</param>
/// <param name="Explanation">Our own words beside those of Graph; null: there are no others.</param>
internal sealed record BodyFault(RefusalKind Kind, string Member, string Message, string? Explanation)
{
    /// <summary>Whether the message says it all, so that no details are needed.</summary>
    public bool IsSaidInFull =>
        Explanation is null || (Explanation == Message && Kind != RefusalKind.PayloadUnreadable);

    public RefusalDetail Detail => new(Member, Explanation ?? Message);
}
