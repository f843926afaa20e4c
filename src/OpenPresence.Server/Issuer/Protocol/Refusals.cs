namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>Sends a refusal: as JSON to programs, as a page to people.</summary>
internal static class Refusals
{
    public static Task WriteAsync(IssuerCall call, IssuerRefusal refusal)
    {
        var row = IssuerErrors.Of(refusal.Error);
        // The message may hold what the client sent; the log takes the number only.
        call.Issuer.Log.Log(
            refusal.Error is IssuerError.DevicePending ? LogLevel.Debug : LogLevel.Information,
            "Issuer request {TraceId} refused: AADSTS{Number}.",
            call.TraceId,
            row.Number
        );
        return call.Route.Answers is AnswerKind.Page
            ? ErrorPage.WriteAsync(call, refusal)
            : WriteJsonAsync(call, row, refusal);
    }

    /// <summary>
    /// The text that clients show: number, message, and what to look for in a log.
    /// </summary>
    public static string Description(IssuerCall call, IssuerRefusal refusal) =>
        $"AADSTS{IssuerErrors.Of(refusal.Error).Number}: {IssuerErrors.Message(refusal)} "
        + $"Trace ID: {call.TraceId} Correlation ID: {call.CorrelationId} "
        + $"Timestamp: {call.Timestamp}";

    /// <summary>Where a person finds more about a number.</summary>
    public static string ErrorUri(IssuerCall call, IssuerErrorRow row) => $"{call.BaseUrl}/error?code={row.Number}";

    private static Task WriteJsonAsync(IssuerCall call, IssuerErrorRow row, IssuerRefusal refusal)
    {
        // A challenge only to those who came with the header: a browser would show its own dialog
        // for it.
        if (
            row.Status == StatusCodes.Status401Unauthorized
            && (call.Http.Request.Headers.Authorization.Count > 0 || row.Code != "invalid_client")
        )
        {
            call.Http.Response.Headers.WWWAuthenticate = row.Code is "invalid_client"
                ? $"Basic realm=\"{call.BaseUrl}\""
                : $"Bearer error=\"{row.Code}\"";
        }

        return call.WriteJsonAsync(
            row.Status,
            json =>
            {
                json.WriteString("error", row.Code);
                json.WriteString("error_description", Description(call, refusal));
                json.WriteStartArray("error_codes");
                json.WriteNumberValue(row.Number);
                json.WriteEndArray();
                json.WriteString("timestamp", call.Timestamp);
                json.WriteString("trace_id", call.TraceId);
                json.WriteString("correlation_id", call.CorrelationId);
                json.WriteString("error_uri", ErrorUri(call, row));
                if (row.Suberror is not null)
                {
                    json.WriteString("suberror", row.Suberror);
                }
            }
        );
    }
}
