using Microsoft.Extensions.Primitives;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The headers that every answer of Graph's surface carries (graph-presence.md 5.2), and what browsers
/// need. <c>Strict-Transport-Security</c> is sent in production over TLS only: a browser would apply it to
/// every other server on a developer's localhost.
/// </summary>
public static class ResponseFrame
{
    public const string JsonContentType =
        "application/json;odata.metadata=minimal;odata.streaming=true;IEEE754Compatible=false;charset=utf-8";

    /// <summary>How long a browser may remember a preflight, in seconds.</summary>
    public const string PreflightSeconds = "600";

    /// <summary>For addresses that lead nowhere: a browser must be let through to see the error that says so.</summary>
    public const string AnyMethod = "GET, HEAD, POST, PATCH, PUT, DELETE, OPTIONS";

    private static readonly StringValues NoCache = "no-cache";
    private static readonly StringValues ODataVersion = "4.0";
    private static readonly StringValues AnyOrigin = "*";
    private static readonly StringValues ExposedHeaders =
        "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, "
        + "ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, x-ms-client-gcc-tenant, Retry-After";

    private static readonly StringValues ExposedBeyondGraph = ExposedHeaders + ", " + AnsweredSequence.Header;

    private static readonly StringValues Diagnostic =
        """{"ServerInfo":{"DataCenter":"OpenPresence","Slice":"E","Ring":"1","ScaleUnit":"000","RoleInstance":"OP01"}}""";

    /// <summary>Sets the headers that do not depend on what the answer will be.</summary>
    public static void Begin(GraphCall call)
    {
        var headers = call.Http.Response.Headers;
        headers.CacheControl = NoCache;
        headers["request-id"] = call.RequestId;
        headers["client-request-id"] = call.ClientRequestId;
        headers["OData-Version"] = ODataVersion;
        headers["x-ms-ags-diagnostic"] = Diagnostic;
        if (call.Server.SendsStrictTransportSecurity && call.Http.Request.IsHttps)
        {
            headers.StrictTransportSecurity = "max-age=31536000";
        }
        if (call.Http.Request.Headers.Origin.Count > 0)
        {
            headers.AccessControlAllowOrigin = AnyOrigin;
            headers.AccessControlExposeHeaders = call.Server.Options.Strict ? ExposedHeaders : ExposedBeyondGraph;
        }
    }

    /// <summary>Whether a browser asks if a page of another origin may send a request.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.AccessControlRequestMethod.Count > 0;

    /// <summary>Answers OPTIONS: a browser's preflight, or a question for the methods.</summary>
    public static void AnswerOptions(GraphCall call, string allow)
    {
        var request = call.Http.Request.Headers;
        var headers = call.Http.Response.Headers;
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        headers.Allow = allow;
        if (IsPreflight(call.Http.Request))
        {
            headers.AccessControlAllowMethods = allow;
            headers.AccessControlAllowHeaders =
                request.AccessControlRequestHeaders.Count > 0
                    ? request.AccessControlRequestHeaders
                    : "Authorization, Content-Type";
            headers.AccessControlMaxAge = PreflightSeconds;
        }
    }
}
