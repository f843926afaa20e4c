using OpenPresence.Server.Auth.Issuer.Protocol;

namespace OpenPresence.Server.Auth.Issuer.SignIn;

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
        return Page.WriteAsync(call, row.Status, "That did not work", body);
    }
}

/// <summary><c>GET /error?code=N</c>: where <c>error_uri</c> leads. What an AADSTS number means here.</summary>
internal static class ErrorLookup
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        var isNumber = int.TryParse(call.Parameters["code"], out var number);
        var rows = IssuerErrors.Rows.Where(row => row.Number == number).ToList();
        Html body = $"<p>This server knows no error of that number.</p>";
        if (isNumber && rows.Count > 0)
        {
            body = $"<ul>{rows.Select(Item)}</ul>";
        }

        await Page.WriteAsync(
            call,
            rows.Count > 0 ? StatusCodes.Status200OK : StatusCodes.Status404NotFound,
            rows.Count > 0 ? $"AADSTS{number}" : "Unknown error",
            body
        );
        return null;
    }

    private static Html Item(IssuerErrorRow row) =>
        $"""<li><p>{row.Message}<br><span class="soft">{row.Code}, HTTP {row.Status}</span></p></li>""";
}
