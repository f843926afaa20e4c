using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>
/// <c>/oidc/userinfo</c>: who the bearer is, for programs of OpenID Connect that do not read the id
/// token.
/// </summary>
internal static class UserInfo
{
    private static readonly Audiences ForGraph = new(Audiences.Graph, []);

    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        const string Scheme = "Bearer ";
        var header = call.Http.Request.Headers.Authorization.ToString();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(IssuerError.BearerMissing);
        }

        var token = await OwnToken.ReadAsync(call, header[Scheme.Length..], Jwt.TokenType);
        var directory = call.Issuer.Directory;
        if (
            token is not { HasEnded: false, Scopes: not null, ClientId: { } clientId }
            || !ForGraph.Contains(token.Audience)
            || !directory.TryGetPerson(token.PersonId, out var person)
            || !directory.TryGetApplication(clientId, out var application)
            || !person.AccountEnabled
        )
        {
            return new(IssuerError.BearerWrong);
        }

        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteString("sub", AccessToken.SubjectOf(person, application));
                json.WriteString("name", person.DisplayName);
                if (person.GivenName is not null)
                {
                    json.WriteString("given_name", person.GivenName);
                }

                if (person.Surname is not null)
                {
                    json.WriteString("family_name", person.Surname);
                }

                json.WriteString("email", person.Mail ?? person.UserPrincipalName);
            }
        );
        return null;
    }
}
