namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// What browsers ask before a page of another origin may read an answer (CORS).
/// </summary>
/// <remarks>
/// Tokens are readable for the origins of the application's own redirect URIs only, as Entra ID
/// does it for single-page applications. "Any origin", which a server on a developer's loopback
/// tempts to, would let every web page that the developer visits fetch tokens here. Refusals hold
/// no secrets and are readable for all, so that a developer sees them.
/// </remarks>
internal static class CrossOrigin
{
    /// <summary>How long a browser may remember a preflight, in seconds.</summary>
    private const string PreflightSeconds = "600";

    private const int HeaderNamesCharsMax = 1024;

    private const string ExposedHeaders = "x-ms-request-id, client-request-id, Retry-After";

    /// <summary>Before it is known what the answer will be.</summary>
    public static void Begin(IssuerCall call)
    {
        if (call.Route.Origins is Origins.Own || call.Http.Request.Headers.Origin.Count == 0)
        {
            return;
        }

        var headers = call.Http.Response.Headers;
        headers.AccessControlAllowOrigin = "*";
        headers.AccessControlExposeHeaders = ExposedHeaders;
    }

    /// <summary>Once tokens are going to be in the answer: for this origin and no other.</summary>
    public static void LimitTo(IssuerCall call, string origin)
    {
        var headers = call.Http.Response.Headers;
        headers.AccessControlAllowOrigin = origin;
        headers.Vary = "Origin";
    }

    public static bool TryAnswerPreflight(IssuerCall call)
    {
        var request = call.Http.Request;
        if (!HttpMethods.IsOptions(request.Method))
        {
            return false;
        }

        var headers = call.Http.Response.Headers;
        headers.Allow = $"{call.Route.Methods}, OPTIONS";
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        if (call.Route.Origins is not Origins.Own)
        {
            var names = request.Headers.AccessControlRequestHeaders.ToString();
            headers.AccessControlAllowMethods = call.Route.Methods;
            headers.AccessControlAllowHeaders = names.Length is > 0 and <= HeaderNamesCharsMax ? names : "Content-Type";
            headers.AccessControlMaxAge = PreflightSeconds;
        }

        return true;
    }
}
