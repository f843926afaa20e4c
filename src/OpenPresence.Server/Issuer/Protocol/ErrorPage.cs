namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>A refusal for people: what is wrong, and what to look for in the log.</summary>
internal static class ErrorPage
{
    public static Task WriteAsync(IssuerCall call, IssuerRefusal refusal)
    {
        var row = IssuerErrors.Of(refusal.Error);
        Html body = $"""
            <p class="bad" role="alert">{IssuerErrors.Message(refusal)}</p>
            <dl class="soft">
            <dt>Error</dt><dd>AADSTS{row.Number} ({row.Code})</dd>
            <dt>Trace id</dt><dd>{call.TraceId.ToString()}</dd>
            <dt>Correlation id</dt><dd>{call.CorrelationId.ToString()}</dd>
            <dt>Time</dt><dd>{call.Timestamp}</dd>
            </dl>
            """;
        return SignInPage.WriteAsync(call, row.Status, "That did not work", body);
    }
}
