using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>One request to the issuer, and how it is answered.</summary>
internal sealed class IssuerCall
{
    /// <summary>
    /// Answers are read by programs and in terminals, never put into a page: quotes stay quotes.
    /// </summary>
    private static readonly JsonWriterOptions Readable = new()
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public IssuerCall(HttpContext http, BuiltInIssuer issuer, IssuerRoute route, string argument)
    {
        (Http, Issuer, Route, Argument) = (http, issuer, route, argument);
        Now = issuer.Now;
        TraceId = RequestId.Next();
        CorrelationId = ReadCorrelationId(http.Request) ?? TraceId;
        Cloud = issuer.CloudOf(http.Request);
        BaseUrl = issuer.BaseUrl(http.Request);
    }

    public HttpContext Http { get; }

    public BuiltInIssuer Issuer { get; }

    public IssuerRoute Route { get; }

    /// <summary>What stood at the hole of the route's pattern: a tenant, mostly.</summary>
    public string Argument { get; }

    /// <summary>One instant for the whole request, so that its parts cannot disagree.</summary>
    public Instant Now { get; }

    public Guid TraceId { get; }

    public Guid CorrelationId { get; }

    public CloudHosts Cloud { get; }

    public string BaseUrl { get; }

    public RequestParameters Parameters { get; set; } = RequestParameters.None;

    public CancellationToken Cancel => Http.RequestAborted;

    /// <summary>
    /// Whether that is this server, by the configured name or by the one that was asked.
    /// </summary>
    public bool IsOwn(string origin) => origin == BaseUrl || origin == BuiltInIssuer.HostUrl(Http.Request);

    /// <summary>Whether the request came to a login host of the cloud itself.</summary>
    public bool IsDropIn => Cloud.LoginHosts.Contains(Http.Request.Host.Host, StringComparer.OrdinalIgnoreCase);

    /// <summary>The headers that every answer carries.</summary>
    public void Begin()
    {
        var headers = Http.Response.Headers;
        headers.CacheControl = "no-store, no-cache";
        headers.Pragma = "no-cache";
        headers.XContentTypeOptions = "nosniff";
        headers["x-ms-request-id"] = TraceId.ToString();
        if (Http.Request.Headers.ContainsKey("client-request-id"))
        {
            headers["client-request-id"] = CorrelationId.ToString();
        }
    }

    public async Task WriteJsonAsync(int status, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        await using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        await WriteAsync(status, "application/json; charset=utf-8", buffer.WrittenMemory);
    }

    public async Task WriteAsync(int status, string contentType, ReadOnlyMemory<byte> body)
    {
        var response = Http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(Http.Request.Method))
        {
            await response.BodyWriter.WriteAsync(body, Cancel);
        }
    }

    /// <summary>As Entra ID writes it into error bodies.</summary>
    public string Timestamp => Now.ToDateTimeOffset().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static Guid? ReadCorrelationId(HttpRequest request)
    {
        var text = request.Headers["client-request-id"].ToString();
        if (text.Length == 0)
        {
            text = request.Query["client-request-id"].ToString();
        }

        return Guid.TryParse(text, out var id) ? id : null;
    }
}
