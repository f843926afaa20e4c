namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>One refusal: its kind, and what fills the holes of its message.</summary>
/// <param name="Error">The row of the table.</param>
/// <param name="Arguments">What fills the holes of the row's message, in order. Never a
/// secret.</param>
public sealed record IssuerRefusal(IssuerError Error, params string[] Arguments);

/// <summary>A row of the table of errors.</summary>
/// <param name="Error">The kind.</param>
/// <param name="Number">The number after <c>AADSTS</c>.</param>
/// <param name="Status">The HTTP status where the answer is JSON or a page.</param>
/// <param name="Code">OAuth's word.</param>
/// <param name="Message">With numbered holes for the arguments.</param>
/// <param name="Suberror">Entra's second word; null: none.</param>
public sealed record IssuerErrorRow(
    IssuerError Error,
    int Number,
    int Status,
    string Code,
    string Message,
    string? Suberror = null
);
