namespace OpenPresence.Server.Scim;

/// <summary>The words of RFC 7644, table 9, that tell a program what is wrong.</summary>
internal static class ScimWords
{
    public const string InvalidFilter = "invalidFilter";
    public const string InvalidPath = "invalidPath";
    public const string InvalidSyntax = "invalidSyntax";
    public const string InvalidValue = "invalidValue";
    public const string Mutability = "mutability";
    public const string NoTarget = "noTarget";
    public const string Uniqueness = "uniqueness";
}

/// <summary>Why a request of an identity provider is refused.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Word"><c>scimType</c>, one of <see cref="ScimWords"/>; null: the status says enough.</param>
/// <param name="Detail">A sentence for a person.</param>
internal sealed record ScimFault(int Status, string? Word, string Detail)
{
    /// <summary>The <c>Retry-After</c> header, in whole seconds; null: none.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>The <c>Allow</c> header of a 405; null: none.</summary>
    public string? Allow { get; init; }

    public static ScimFault BadRequest(string word, string detail) =>
        new(StatusCodes.Status400BadRequest, word, detail);

    public static ScimFault NotFound(string what) =>
        new(StatusCodes.Status404NotFound, null, $"{what} does not exist.");

    public static ScimFault Taken(string what) =>
        new(StatusCodes.Status409Conflict, ScimWords.Uniqueness, $"{what} is taken.");
}

/// <summary>
/// Collects what is wrong with a body, so that one answer names it all; the first decides on the word.
/// </summary>
internal sealed class ScimFaults
{
    /// <summary>More are not told: who made so many has one reason for them.</summary>
    public const int ToldMax = 10;

    private readonly List<(string Word, string Detail)> found = [];

    public bool Any => found.Count > 0;

    public void Add(string word, string detail)
    {
        if (found.Count < ToldMax)
        {
            found.Add((word, detail));
        }
    }

    public ScimFault ToFault() =>
        ScimFault.BadRequest(found[0].Word, string.Join(" ", found.Select(fault => fault.Detail)));

    /// <summary>What a caller wrote, short enough for an answer.</summary>
    public static string Quoted(ReadOnlySpan<char> text) => text.Length <= 60 ? $"'{text}'" : $"'{text[..60]}…'";
}
