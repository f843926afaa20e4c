using System.Diagnostics.CodeAnalysis;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.DevTools;

/// <summary>A route of the control API.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path; a last segment <c>{key}</c> takes any text.</param>
/// <param name="Summary">What it does, for the list that <c>GET /control</c> answers.</param>
/// <param name="Handle">Does it; the key is empty where the path has none.</param>
public sealed record ControlRoute(
    string Method,
    string Path,
    string Summary,
    Func<GraphCall, string, ValueTask<Refusal?>> Handle
);

/// <summary>
/// The control API: what a test or a developer does to the server itself, where Graph has nothing: move its clock,
/// make it fail, look at what it was asked, begin anew. Under <c>/control</c>, with Graph's error envelope, never
/// counted against a limit and never touched by the faults that it sets. Who may is in <see cref="ControlGate"/>.
/// docs/control.md describes every route.
/// </summary>
public sealed class ControlSurface(GraphServer server, IReadOnlyList<ControlRoute> routes)
{
    private const string Root = "/control";
    private const string Key = "{key}";

    /// <summary>The routes.</summary>
    public IReadOnlyList<ControlRoute> Routes => routes;

    /// <summary>Answers a request under <c>/control</c>; false: it is none, or there is no control API here.</summary>
    public bool TryAnswer(HttpContext http, [NotNullWhen(true)] out Task? answer)
    {
        var path = http.Request.Path.Value!;
        var isOurs =
            path.StartsWith(Root, StringComparison.OrdinalIgnoreCase)
            && (path.Length == Root.Length || path[Root.Length] == '/')
            && server.Options.HasControl;
        answer = isOurs ? AnswerAsync(http, path.TrimEnd('/')) : null;
        return isOurs;
    }

    private async Task AnswerAsync(HttpContext http, string path)
    {
        var call = new GraphCall(http, server, isBeta: false) { Cloud = server.Options.Cloud };
        ResponseFrame.Begin(call);
        http.Response.Headers.CacheControl = "no-store";
        try
        {
            if ((ControlGate.Check(http.Request, server.Options) ?? await RunAsync(call, path)) is { } refusal)
            {
                await ErrorEnvelope.WriteAsync(call, refusal);
            }
        }
        catch (JournalUnavailableException outage) when (!http.Response.HasStarted)
        {
            server.Log.LogWarning(outage, "control request {RequestId} not durable", call.RequestId);
            await ErrorEnvelope.WriteAsync(
                call,
                new Refusal(RefusalKind.ServiceUnavailable, "The change could not be stored.")
                {
                    RetryAfterSeconds = RefusalTable.OutageRetryAfterSeconds,
                }
            );
        }
    }

    private ValueTask<Refusal?> RunAsync(GraphCall call, string path)
    {
        if (path.Equals(Root, StringComparison.OrdinalIgnoreCase))
        {
            return HttpMethods.IsGet(call.Http.Request.Method)
                ? Describe(call)
                : new(new Refusal(RefusalKind.MethodNotAllowed) { Allow = HttpMethods.Get });
        }
        var found = routes.Where(route => TryMatch(route.Path, path, out _)).ToArray();
        if (found.Length == 0)
        {
            return new(
                new Refusal(RefusalKind.NotFound, $"There is no {Echo(path)}; GET /control lists what there is.")
            );
        }
        var route = Array.Find(found, candidate => candidate.Method == call.Http.Request.Method);
        if (route is null)
        {
            var allow = string.Join(", ", found.Select(other => other.Method));
            return new(new Refusal(RefusalKind.MethodNotAllowed) { Allow = allow });
        }
        TryMatch(route.Path, path, out var key);
        return route.Handle(call, key);
    }

    private ValueTask<Refusal?> Describe(GraphCall call)
    {
        JsonAnswer.Write(
            call,
            context: null,
            json =>
            {
                json.WriteStartArray("routes");
                foreach (var route in routes)
                {
                    json.WriteStartObject();
                    json.WriteString("method", route.Method);
                    json.WriteString("path", route.Path);
                    json.WriteString("summary", route.Summary);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private static bool TryMatch(string template, string path, out string key)
    {
        var (wanted, given) = (template.Split('/'), path.Split('/'));
        key = "";
        if (wanted.Length != given.Length)
        {
            return false;
        }
        for (var i = 0; i < wanted.Length; i++)
        {
            if (wanted[i] == Key)
            {
                key = given[i];
            }
            else if (!wanted[i].Equals(given[i], StringComparison.OrdinalIgnoreCase))
            {
                return false;
            }
        }
        return true;
    }

    private static string Echo(string path) =>
        path.Length <= SubjectCheck.EchoCharsMax ? path : path[..SubjectCheck.EchoCharsMax] + "…";
}
