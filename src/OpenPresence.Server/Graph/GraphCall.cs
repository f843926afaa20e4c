using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>One request to Graph's surface, as far as the pipeline has understood it.</summary>
public sealed class GraphCall(HttpContext http, GraphServer server, bool isBeta)
{
    /// <summary>The request and its answer.</summary>
    public HttpContext Http { get; } = http;

    /// <summary>What every slice may use.</summary>
    public GraphServer Server { get; } = server;

    /// <summary>Whether the path began with <c>/beta</c>.</summary>
    public bool IsBeta { get; } = isBeta;

    /// <summary>Names this request in the answer and in the log.</summary>
    public string RequestId { get; } = Contracts.RequestId.Next().ToString();

    /// <summary>The way that the call takes; a batch sends its requests along it.</summary>
    public GraphEntry Entry { get; init; } = null!;

    /// <summary>The cloud that the request's host stands for.</summary>
    public Cloud Cloud { get; init; }

    /// <summary>Step 2: the route.</summary>
    public GraphRoute Route { get; set; } = null!;

    /// <summary>Step 2: where the route's inner key stands in the path.</summary>
    public Range InnerKeyRange { get; set; }

    /// <summary>The key inside of what the path names, such as <c>{deviceId}</c>; empty: the route has none.</summary>
    public ReadOnlySpan<char> InnerKey => Http.Request.Path.Value.AsSpan()[InnerKeyRange];

    /// <summary>Step 3: the caller.</summary>
    public Caller Caller { get; set; } = null!;

    /// <summary>Step 4: whose data the caller may touch here.</summary>
    public Access Access { get; set; }

    /// <summary>Step 4: why the caller may not, where the body is judged first; null: the caller may.</summary>
    public Refusal? Forbidden { get; set; }

    /// <summary>Step 4: the person that the path names; for <c>/me</c> the caller.</summary>
    public Guid SubjectId { get; set; }

    /// <summary>Scheme, host and version, where links in the answer begin.</summary>
    public ServiceRoot Root => field ??= Server.Roots.Of(Http.Request, IsBeta);

    /// <summary>The <c>client-request-id</c> to echo.</summary>
    public string ClientRequestId =>
        Http.Request.Headers.TryGetValue("client-request-id", out var value)
        && value is [{ Length: > 0 and <= ClientRequestIdCharsMax } id]
        && id.AsSpan().IndexOfAnyExceptInRange('!', '~') < 0
            ? id
            : RequestId;

    /// <summary>A longer one is not echoed.</summary>
    public const int ClientRequestIdCharsMax = 128;
}

/// <summary>Answers a request to Graph's surface.</summary>
/// <param name="http">The request.</param>
/// <param name="isBeta">Whether the path began with <c>/beta</c>.</param>
/// <param name="versionLength">Where the path goes on after the version.</param>
/// <param name="known">The caller, where it is known: inside of a batch. Null: the token says.</param>
public delegate Task GraphEntry(HttpContext http, bool isBeta, int versionLength, Caller? known = null);
