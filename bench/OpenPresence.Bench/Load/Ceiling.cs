using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tls;

namespace OpenPresence.Bench.Load;

/// <summary>
/// The most that a server on this Kestrel can give: it reads the same request, body included, and
/// writes an answer that was prepared, with the same headers. What the product takes longer is its own
/// doing; what both take is Kestrel's, the kernel's and loopback's.
/// </summary>
public static class Ceiling
{
    /// <summary>The name of the answer to every path that has none of its own.</summary>
    public const string AnyPath = "any";

    public static async Task RunAsync(IReadOnlyList<string> args)
    {
        var options = args.Chunk(2).ToDictionary(p => p[0], p => p[1], StringComparer.Ordinal);
        // Each answer is called after the last segment of the paths that get it.
        var answers = Directory
            .GetFiles(options["--answers"], "*.json")
            .ToDictionary(file => Path.GetFileNameWithoutExtension(file), RecordedAnswer.Load, StringComparer.Ordinal);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        var asTheServer = new ServerOptions
        {
            HttpPort = int.Parse(options["--port"]),
            HttpsPort = options.TryGetValue("--https-port", out var port) ? int.Parse(port) : -1,
            DataDirectory = options.GetValueOrDefault("--data", ""),
        };
        using var certificate =
            asTheServer.HttpsPort < 0
                ? null
                : ServerCertificate.Open(asTheServer, TimeProvider.System, NullLogger.Instance);
        Listeners.Configure(builder, asTheServer, certificate, new Doors());
        await using var app = builder.Build();
        app.Run(http =>
        {
            var path = http.Request.Path.Value!;
            if (
                !answers.TryGetValue(path[(path.LastIndexOf('/') + 1)..], out var answer)
                && (path == "/" || !answers.TryGetValue(AnyPath, out answer))
            )
            {
                return Task.CompletedTask; // the harness asks whether it is up
            }
            return HttpMethods.IsPost(http.Request.Method)
                ? ReadAndAnswerAsync(http, answer)
                : AnswerAsync(http, answer);
        });
        await app.RunAsync();
    }

    private static async Task ReadAndAnswerAsync(HttpContext http, RecordedAnswer answer)
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(http.RequestAborted);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                break;
            }
        }
        await AnswerAsync(http, answer);
    }

    private static Task AnswerAsync(HttpContext http, RecordedAnswer answer)
    {
        var headers = http.Response.Headers;
        foreach (var (name, value) in answer.Headers)
        {
            headers[name] = value;
        }
        headers.ContentLength = answer.Body.Length;
        return http.Response.Body.WriteAsync(answer.Body, 0, answer.Body.Length);
    }
}
