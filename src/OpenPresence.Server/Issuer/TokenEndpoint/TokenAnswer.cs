using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.Keys;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// The answer with tokens. Every member is there because some client needs it: MSAL.NET fails
/// without <c>token_type</c>, never uses its cache without <c>expires_in</c>, and has no account
/// without <c>id_token</c> and <c>refresh_token</c>.
/// </summary>
/// <param name="Client">Who asks.</param>
/// <param name="Person">On whose behalf.</param>
/// <param name="Scopes">What is granted.</param>
internal sealed record TokenAnswer(ClientIdentity Client, Person Person, GrantedScopes Scopes)
{
    /// <summary>For the id token.</summary>
    public string? Nonce { get; init; }

    /// <summary>Answers, with a refresh token for the grant if one is wanted.</summary>
    /// <param name="call">The request.</param>
    /// <param name="grant">What was granted.</param>
    /// <param name="isRenewed">Whether it was shown as a refresh token: who had one keeps having one.</param>
    public async Task WriteAsync(IssuerCall call, PersonGrant grant, bool isRenewed = false)
    {
        var key = await call.Issuer.Keys.CurrentAsync(call.Cancel);
        var renewed = grant with { EndsAt = call.Now + IssuerLimits.RefreshTokenLifetime, Binding = null };
        var isWanted = isRenewed || Scopes.Request.WantsRefreshToken;
        var refreshToken = isWanted ? renewed.SealRefreshToken(key) : null;
        var accessToken = AccessToken.ForPerson(call, key, Client, Person, Scopes);
        var idToken = Scopes.Request.WantsIdToken
            ? IdToken.Make(call, key, Client.Application, Person, Scopes.Request.OpenIdNames, Nonce)
            : null;
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                WriteAccessToken(json, call, accessToken, Scopes.Request.Resource);
                var isV1 = call.Route.IsVersionOne;
                json.WriteString("scope", isV1 ? string.Join(' ', Scopes.Permissions) : Scopes.Answer);
                if (refreshToken is not null)
                {
                    json.WriteString("refresh_token", refreshToken);
                }

                if (idToken is not null)
                {
                    json.WriteString("id_token", idToken);
                }

                // 1 is what MSAL sends for people; MSAL.NET sends 2 in some flows.
                if (call.Parameters["client_info"] is "1" or "2")
                {
                    json.WriteString("client_info", ClientInfo(Person));
                }
            }
        );
    }

    /// <summary>
    /// The members that every answer has. Version 1.0 writes its numbers as strings, and more of them (ADAL reads
    /// <c>expires_on</c>).
    /// </summary>
    public static void WriteAccessToken(Utf8JsonWriter json, IssuerCall call, string accessToken, Resource resource)
    {
        var seconds = (int)TokenLimits.Lifetime.TotalSeconds;
        json.WriteString("token_type", "Bearer");
        if (call.Route.IsVersionOne)
        {
            var now = call.Now.ToDateTimeOffset().ToUnixTimeSeconds();
            json.WriteString("expires_in", $"{seconds}");
            json.WriteString("ext_expires_in", $"{seconds}");
            json.WriteString("expires_on", $"{now + seconds}");
            json.WriteString("not_before", $"{now}");
            json.WriteString("resource", call.Parameters["resource"] ?? resource.Name);
        }
        else
        {
            json.WriteNumber("expires_in", seconds);
            json.WriteNumber("ext_expires_in", seconds);
        }

        json.WriteString("access_token", accessToken);
    }

    /// <summary>MSAL's name for the account.</summary>
    public static string ClientInfo(Person person) =>
        Base64Url.EncodeToString(
            Encoding.UTF8.GetBytes($$"""{"uid":"{{person.Id:D}}","utid":"{{person.TenantId:D}}"}""")
        );
}
