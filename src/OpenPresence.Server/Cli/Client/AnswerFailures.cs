using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Cli.Client;

/// <summary>Why a request came to nothing, and what its user can do: one place for all commands.</summary>
internal static class AnswerFailures
{
    /// <summary>No answer came.</summary>
    public static CommandFailedException Of(HttpRequestException failure, Uri url)
    {
        var server = url.GetLeftPart(UriPartial.Authority);
        return failure.HttpRequestError == HttpRequestError.SecureConnectionError
            ? new(
                $"{server} cannot be trusted: nobody who is trusted here vouches for its certificate, or "
                    + "it is another server's.",
                "Name the server's data directory with --data, or its tls/ca.pem with --ca-file.",
                ExitCode.Unreachable
            )
            : new(
                $"{server} does not answer: {failure.Message}",
                "Start a server with: openpresence serve. Or say where it is: --url, or " + $"{ClientVariables.Url}.",
                ExitCode.Unreachable
            );
    }

    /// <summary>Graph's surface, or the control API, refused.</summary>
    public static async Task<CommandFailedException> OfAsync(
        HttpResponseMessage answer,
        ServerConnection server,
        CancellationToken cancel
    )
    {
        var error = (await JsonAsync(answer, cancel))?["error"] as JsonObject;
        var isControl = answer.RequestMessage!.RequestUri!.AbsolutePath.StartsWith(
            "/control",
            StringComparison.Ordinal
        );
        return new(
            $"{(int)answer.StatusCode} {(string?)error?["code"] ?? answer.ReasonPhrase}: "
                + ((string?)error?["message"] ?? "the answer gives no reason.")
                + Details(error),
            isControl ? ControlHint(answer, server, (string?)error?["message"]) : GraphHint(answer, server.Credentials)
        )
        {
            Status = answer.StatusCode,
        };
    }

    /// <summary>The issuer refused.</summary>
    public static async Task<CommandFailedException> OfIssuerAsync(
        HttpResponseMessage answer,
        Credentials who,
        CancellationToken cancel
    )
    {
        var said = await JsonAsync(answer, cancel);
        // What follows is for logs.
        var reason = ((string?)said?["error_description"])?.Split(" Trace ID:")[0];
        return new(
            $"There is no token: {reason ?? $"{(int)answer.StatusCode} {answer.ReasonPhrase}"}",
            answer.StatusCode == HttpStatusCode.NotFound
                    ? "This server may have no issuer of its own: put a token of yours into "
                        + $"{ClientVariables.Token}."
                : who.AreTheDemos
                    ? "Nobody said which application asks, so it was the demo tenant's. Set "
                        + $"{ClientVariables.Tenant}, {ClientVariables.ClientId} and "
                        + $"{ClientVariables.ClientSecret}, or {ClientVariables.Token}."
                : null
        );
    }

    /// <summary>Each fault of a request, or what would have done instead.</summary>
    private static string Details(JsonObject? error) =>
        string.Concat(
            (error?["details"] as JsonArray ?? []).Select(detail =>
                $" [{string.Join(": ", new[] { detail?["target"], detail?["message"] }.OfType<JsonNode>())}]"
            )
        );

    private static string? GraphHint(HttpResponseMessage answer, Credentials who) =>
        answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized when who.Token is not null =>
                "The token that was given is not, or no longer, good here. Get one with: " + "openpresence token",
            HttpStatusCode.Forbidden => who.Person is null
                ? "Some things only a person may: --as asks in somebody's name."
                : "Some things only an application may: leave --as out.",
            HttpStatusCode.TooManyRequests when answer.Headers.RetryAfter?.Delta is { } wait =>
                $"Try again in {wait.TotalSeconds:0} seconds.",
            HttpStatusCode.ServiceUnavailable => "The server's log says what keeps it.",
            _ => null,
        };

    private static string? ControlHint(HttpResponseMessage answer, ServerConnection server, string? reason) =>
        answer.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => server.ControlToken is null
                ? "Put the server's setting controlToken into " + $"{ClientVariables.ControlToken}."
                : $"{ClientVariables.ControlToken} is not the server's controlToken.",
            // Where no part of the server knows the path, it is taken for a version.
            HttpStatusCode.BadRequest when reason?.StartsWith("Invalid version", StringComparison.Ordinal) == true =>
                "This server has no control API; in production it needs the setting controlToken.",
            _ => null,
        };

    private static async Task<JsonNode?> JsonAsync(HttpResponseMessage answer, CancellationToken cancel)
    {
        try
        {
            return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancel));
        }
        catch (Exception other) when (other is JsonException or HttpRequestException)
        {
            return null;
        }
    }
}
