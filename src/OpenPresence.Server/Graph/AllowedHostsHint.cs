using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// What the generated clients need to know beside: they compare the host name alone with the hosts that they were told
/// to trust, so a list with <c>localhost:5000</c> in it lets no token through, and nothing of theirs says so (Kiota's
/// AllowedHostsValidator, C).
/// </summary>
internal static class AllowedHostsHint
{
    /// <summary>In the User-Agent of a client that Kiota generated, whatever its language.</summary>
    private const string Kiota = "kiota";

    /// <summary>How the Graph SDKs begin the header <c>SdkVersion</c>; a language follows.</summary>
    private const string GraphSdk = "graph-";

    /// <summary>The refusal, with a second sentence if no token came and such a client sent the request.</summary>
    public static Refusal AddTo(Refusal refusal, HttpRequest request) =>
        refusal.Kind == RefusalKind.TokenMissing && request.Headers.Authorization.Count == 0 && IsGenerated(request)
            ? refusal with
            {
                Arguments = [$"{refusal.Arguments[0]} Name it without the port: {NameOf(request)}."],
            }
            : refusal;

    private static bool IsGenerated(HttpRequest request) =>
        request.Headers.UserAgent.ToString().Contains(Kiota, StringComparison.OrdinalIgnoreCase)
        || request.Headers["SdkVersion"].ToString().StartsWith(GraphSdk, StringComparison.OrdinalIgnoreCase);

    /// <summary>The host as the client wrote it, unless it is longer than any name.</summary>
    private static string NameOf(HttpRequest request) =>
        request.Host.Host is { Length: > 0 and <= SubjectCheck.EchoCharsMax } name ? name : "localhost";
}
