using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// <c>GET /error?code=N</c>: where <c>error_uri</c> leads. What an AADSTS number means here.
/// </summary>
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

        await SignInPage.WriteAsync(
            call,
            rows.Count > 0 ? StatusCodes.Status200OK : StatusCodes.Status404NotFound,
            rows.Count > 0 ? $"AADSTS{number}" : "Unknown error",
            body
        );
        return null;
    }

    private static Html Item(IssuerErrorRow row) =>
        $"""
            <li><p>{row.Message}<br>
            <span class="soft">{row.Code}, HTTP {row.Status}</span></p></li>
            """;
}
