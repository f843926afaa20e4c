using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.TokenEndpoint;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// A person has signed in: makes what the application asked for and sends the browser back with it.
/// </summary>
internal static class SignInAnswer
{
    public static async Task SendAsync(IssuerCall call, AuthorizeRequest request, Person person)
    {
        var client = request.Address.Client;
        if (PersonTokens.CheckPerson(client, person) is { } barred)
        {
            await request.Address.SendAsync(call, barred);
            return;
        }

        List<(string Name, string Value)> answer = [];
        string? code = null;
        if (request.WantsCode)
        {
            code = await IssueCodeAsync(call, request, person);
            answer.Add(("code", code));
        }

        if (request.WantsIdToken)
        {
            var key = await call.Issuer.Keys.CurrentAsync(call.Cancel);
            var names = request.Scopes.Request.OpenIdNames;
            var nonce = request.Nonce;
            answer.Add(("id_token", IdToken.Make(call, key, client.Application, person, names, nonce, code)));
        }

        if (call.Parameters["client_info"] is "1" or "2")
        {
            answer.Add(("client_info", TokenAnswer.ClientInfo(person)));
        }

        answer.Add(("session_state", Guid.NewGuid().ToString()));
        await BrowserSession.BeginAsync(call, person);
        await request.Address.SendAsync(call, answer);
    }

    private static async ValueTask<string> IssueCodeAsync(IssuerCall call, AuthorizeRequest request, Person person)
    {
        var client = request.Address.Client;
        var (clientId, scope) = (client.Application.ClientId, request.ScopeText);
        var grant = await PersonGrant.NewAsync(call, client.Tenant.Id, person.Id, clientId, scope);
        var code = grant with
        {
            EndsAt = call.Now + IssuerLimits.CodeLifetime,
            Binding = new(request.Address.RedirectUri, request.CodeChallenge, request.Nonce),
        };
        return code.SealCode(await call.Issuer.Keys.CurrentAsync(call.Cancel));
    }
}
