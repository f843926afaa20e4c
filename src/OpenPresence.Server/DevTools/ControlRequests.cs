using System.Globalization;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.DevTools;

/// <summary>Shows the last requests to Graph's surface, and forgets them.</summary>
public sealed class ControlRequests(RequestLog? requests)
{
    /// <summary>The routes of requests.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "GET",
                "/control/requests",
                "The last requests, oldest first; ?after=NUMBER for newer ones.",
                (call, _) => List(call)
            ),
            new("DELETE", "/control/requests", "Forgets the requests so far.", (call, _) => Clear(call)),
        ];

    private ValueTask<Refusal?> List(GraphCall call)
    {
        long after = 0;
        var given = call.Http.Request.Query["after"];
        if (
            given.Count > 0
            && !long.TryParse(given.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out after)
        )
        {
            return new(new Refusal(RefusalKind.BadRequest, "after is the number of a request.") { Target = "after" });
        }
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var request in requests?.After(after) ?? [])
                {
                    Write(json, request);
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private ValueTask<Refusal?> Clear(GraphCall call)
    {
        requests?.Clear();
        return ControlBody.Done(call);
    }

    private static void Write(Utf8JsonWriter json, LoggedRequest request)
    {
        json.WriteStartObject();
        json.WriteNumber("number", request.Number);
        json.WriteString("startedDateTime", request.StartedAt.UtcDateTime.ToString("O"));
        json.WriteNumber("milliseconds", Math.Round(request.Took.TotalMilliseconds, 3));
        json.WriteString("method", request.Method);
        json.WriteString("path", request.Path);
        json.WriteString("query", request.Query);
        json.WriteNumber("status", request.Status);
        ControlBody.Optional(
            json,
            "operation",
            request.Operation is { } o ? JsonNamingPolicy.CamelCase.ConvertName(o.ToString()) : null
        );
        ControlBody.Optional(json, "tenantId", request.TenantId?.ToString());
        ControlBody.Optional(json, "applicationId", request.ApplicationId?.ToString());
        ControlBody.Optional(json, "callerId", request.CallerId?.ToString());
        ControlBody.Optional(json, "userId", request.UserId?.ToString());
        json.WriteString("requestId", request.RequestId);
        json.WriteString("clientRequestId", request.ClientRequestId);
        ControlBody.Optional(json, "faultId", request.FaultId);
        ControlBody.Optional(json, "body", request.Body);
        json.WriteEndObject();
    }
}
