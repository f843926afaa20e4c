using System.Text;
using System.Text.Encodings.Web;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>How an answer travels to the application.</summary>
internal enum ResponseMode : byte
{
    Query,
    Fragment,
    FormPost,
}

/// <summary>
/// Where the answer of <c>authorize</c> goes, once it is certain that it may. Until then a refusal
/// is a page here and never a redirect: the address is the one thing of such a request that an
/// attacker wants to choose.
/// </summary>
/// <param name="Client">The application that registered the address.</param>
/// <param name="RedirectUri">The address, as the request spelled it.</param>
/// <param name="Mode">How the answer travels.</param>
/// <param name="State">Repeated from the request; null: there was none.</param>
internal sealed record ReturnAddress(ClientIdentity Client, string RedirectUri, ResponseMode Mode, string? State)
{
    private const string SubmitScript = "document.forms[0].submit();";

    public static IssuerRefusal? Find(IssuerCall call, out ReturnAddress? address)
    {
        address = null;
        var parameters = call.Parameters;
        if (parameters.Require("client_id", out var clientId) is { } missing)
        {
            return missing;
        }

        if (ClientIdentity.Find(call, clientId, out var client) is { } unknown)
        {
            return unknown;
        }

        if (parameters["redirect_uri"] is not { } redirectUri)
        {
            return new(IssuerError.RedirectMissing);
        }

        if (!RedirectUris.Matches(client!.Application, redirectUri))
        {
            return new(IssuerError.RedirectUnknown, Quoted.Of(redirectUri), clientId);
        }

        if (ModeOf(parameters) is not { } mode)
        {
            return new(IssuerError.ResponseModeUnknown, Quoted.Of(parameters["response_mode"]!));
        }

        address = new(client, redirectUri, mode, parameters["state"]);
        return null;
    }

    /// <summary>Sends the browser back with an answer.</summary>
    public Task SendAsync(IssuerCall call, params IEnumerable<(string Name, string Value)> answer)
    {
        var fields = State is null ? answer : answer.Append(("state", State));
        if (Mode is ResponseMode.FormPost)
        {
            return PostAsync(call, fields);
        }

        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            text.Append(text.Length == 0 ? "" : "&").Append(name).Append('=').Append(UrlEncoder.Default.Encode(value));
        }

        var separator =
            Mode is ResponseMode.Fragment ? '#'
            : RedirectUri.Contains('?', StringComparison.Ordinal) ? '&'
            : '?';
        // 303 and not 307: a form that was posted here must not be posted on.
        call.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
        call.Http.Response.Headers.Location = $"{RedirectUri}{separator}{text}";
        return Task.CompletedTask;
    }

    /// <summary>Sends the browser back with a refusal.</summary>
    public Task SendAsync(IssuerCall call, IssuerRefusal refusal)
    {
        var row = IssuerErrors.Of(refusal.Error);
        // A missing consent is OAuth's consent_required where there is a browser to ask the person
        // in.
        var code = row.Suberror ?? row.Code;
        return SendAsync(
            call,
            ("error", code),
            ("error_description", Refusals.Description(call, refusal)),
            ("error_uri", Refusals.ErrorUri(call, row))
        );
    }

    private Task PostAsync(IssuerCall call, IEnumerable<(string Name, string Value)> fields)
    {
        var pairs = fields.Select(f => KeyValuePair.Create(f.Name, f.Value));
        Html body = $"""
            <p>Your browser is taking you back to {Client.Application.DisplayName}.</p>
            <form method="post" action="{RedirectUri}">
            {SignInPage.Hidden(pairs)}
            <button class="main">Continue</button>
            </form>
            """;
        return SignInPage.WriteAsync(call, StatusCodes.Status200OK, "One moment", body, RedirectUri, SubmitScript);
    }

    /// <summary>
    /// Null: unknown. Without one, tokens travel in the fragment, which no server's log sees.
    /// </summary>
    private static ResponseMode? ModeOf(RequestParameters parameters) =>
        parameters["response_mode"] switch
        {
            "query" => ResponseMode.Query,
            "fragment" => ResponseMode.Fragment,
            "form_post" => ResponseMode.FormPost,
            null => parameters["response_type"]?.Contains("token", StringComparison.Ordinal) is true
                ? ResponseMode.Fragment
                : ResponseMode.Query,
            _ => null,
        };
}
