using System.Diagnostics.CodeAnalysis;

namespace OpenPresence.Server.Page;

/// <summary>
/// Serves the page at <c>/</c> to browsers. Whoever asks for <c>/</c> without wanting HTML, as curl does, is
/// told how to begin instead (<see cref="StartPage"/>).
/// <code>
/// /                        the page, asked for anew each time, 304 when it is the same
/// /page/{version}/{file}   what it consists of, kept by browsers for ever
/// /page/settings           how to sign in here
/// </code>
/// The policy lets the page run its own files and speak to this server, and, where people sign in elsewhere, to that
/// issuer: no inline script or style, no frame around it, no form, no text that becomes markup. So a display name with
/// a script in it stays a display name, even past a fault of ours.
/// </summary>
public sealed class PageEndpoints(PageSettings settings)
{
    private const string Folder = "/page/";
    private const string SettingsPath = "/page/settings";
    private const string KeptForEver = "public, max-age=31536000, immutable";

    /// <summary>Answers a request for the page; false: it is for something else.</summary>
    public bool TryAnswer(HttpContext http, [NotNullWhen(true)] out Task? answer)
    {
        var path = http.Request.Path.Value!;
        if (path == "/")
        {
            http.Response.Headers.Vary = "Accept";
            answer = WantsHtml(http.Request) ? AnswerIndexAsync(http) : null;
        }
        else if (path == SettingsPath)
        {
            answer = AnswerSettingsAsync(http);
        }
        else
        {
            answer = path.StartsWith(Folder, StringComparison.Ordinal)
                ? AnswerFileAsync(http, path[Folder.Length..])
                : null;
        }
        return answer is not null;
    }

    private Task AnswerIndexAsync(HttpContext http)
    {
        var files = PageFiles.Embedded.Value;
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = settings.ContentSecurityPolicy;
        headers.XFrameOptions = "DENY";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=()";
        return SendAsync(http, files.Find(PageFiles.Index)!, $"\"{files.Version}\"", "no-cache");
    }

    private static Task AnswerFileAsync(HttpContext http, string versionAndName)
    {
        var files = PageFiles.Embedded.Value;
        var slash = versionAndName.IndexOf('/', StringComparison.Ordinal);
        var name = versionAndName[(slash + 1)..];
        // Of another version: the browser has an old page open, which its user will load again.
        if (
            slash != files.Version.Length
            || !versionAndName.StartsWith(files.Version, StringComparison.Ordinal)
            || name == PageFiles.Index
            || files.Find(name) is not { } file
        )
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            http.Response.Headers.CacheControl = "no-store";
            return Task.CompletedTask;
        }
        return SendAsync(http, file, $"\"{files.Version}\"", KeptForEver);
    }

    private Task AnswerSettingsAsync(HttpContext http)
    {
        if (!IsRead(http))
        {
            return Task.CompletedTask;
        }
        Guard(http);
        http.Response.Headers.CacheControl = "no-store";
        http.Response.ContentType = "application/json; charset=utf-8";
        var json = settings.Json;
        http.Response.ContentLength = json.Length;
        return HttpMethods.IsHead(http.Request.Method)
            ? Task.CompletedTask
            : http.Response.Body.WriteAsync(json, http.RequestAborted).AsTask();
    }

    private static Task SendAsync(HttpContext http, PageFile file, string tag, string caching)
    {
        if (!IsRead(http))
        {
            return Task.CompletedTask;
        }
        Guard(http);
        var (request, response) = (http.Request, http.Response);
        response.Headers.CacheControl = caching;
        response.Headers.ETag = tag;
        if (request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }
        response.ContentType = file.MediaType;
        response.ContentLength = file.Bytes.Length;
        return HttpMethods.IsHead(request.Method)
            ? Task.CompletedTask
            : response.Body.WriteAsync(file.Bytes, http.RequestAborted).AsTask();
    }

    private static bool IsRead(HttpContext http)
    {
        var method = http.Request.Method;
        if (HttpMethods.IsGet(method) || HttpMethods.IsHead(method))
        {
            return true;
        }
        http.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
        http.Response.Headers.Allow = "GET, HEAD";
        return false;
    }

    private static void Guard(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }

    private static bool WantsHtml(HttpRequest request) =>
        request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
}
