namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>How the answers of a route are read.</summary>
internal enum AnswerKind : byte
{
    /// <summary>By programs.</summary>
    Json,

    /// <summary>By people.</summary>
    Page,
}

/// <summary>Which origins a browser lets read the answers of a route.</summary>
internal enum Origins : byte
{
    /// <summary>Only pages of this server.</summary>
    Own,

    /// <summary>All: nothing in it is secret.</summary>
    Any,

    /// <summary>
    /// Those of the redirect URIs of the application that asks; see Clients.
    /// </summary>
    OfApplication,
}

/// <summary>One row of the issuer's table of routes.</summary>
/// <param name="Pattern">Segments; one in braces takes whatever stands there.</param>
/// <param name="Methods">Separated by commas.</param>
/// <param name="Handle">Answers, or says why not.</param>
/// <param name="Answers">How the answers, and so the refusals, are read.</param>
/// <param name="Origins">Who may read them in a browser.</param>
internal sealed record IssuerRoute(
    string Pattern,
    string Methods,
    Func<IssuerCall, ValueTask<IssuerRefusal?>> Handle,
    AnswerKind Answers,
    Origins Origins
)
{
    /// <summary>Whether it is an endpoint of version 1.0, where a <c>resource</c> stands for scopes.</summary>
    public bool IsVersionOne { get; init; }

    private readonly string[] _segments = Pattern.Split('/');
    private readonly string[] _methods = Methods.Split(", ");

    /// <summary>
    /// Whether the path is this route's; <paramref name="argument"/> is what stands at the hole.
    /// </summary>
    public bool Matches(ReadOnlySpan<char> path, out string argument)
    {
        argument = "";
        var rest = path.TrimStart('/');
        foreach (var segment in _segments)
        {
            var slash = rest.IndexOf('/');
            var actual = slash < 0 ? rest : rest[..slash];
            rest = slash < 0 ? [] : rest[(slash + 1)..];
            if (actual.IsEmpty)
            {
                return false;
            }

            if (segment[0] == '{')
            {
                argument = actual.ToString();
            }
            else if (!actual.Equals(segment, StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }

        return rest.IsEmpty;
    }

    public bool Takes(string method) => _methods.Contains(HttpMethods.IsHead(method) ? HttpMethods.Get : method);
}
