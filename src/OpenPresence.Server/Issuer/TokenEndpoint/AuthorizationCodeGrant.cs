using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>Redeems a code that <c>authorize</c> sent to the application.</summary>
/// <remarks>
/// Everything that a look at the code decides comes before the commit, so that a client's mistake
/// does not cost it the code; whether it was redeemed before is the commit's to say (see <see
/// cref="GrantState"/>).
/// </remarks>
internal static class AuthorizationCodeGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (
            (
                call.Parameters.Require("code", out var text)
                ?? call.Parameters.Require("redirect_uri", out var redirectUri)
            ) is
            { } missing
        )
        {
            return missing;
        }

        var digest = SecretDigest.Of(text);
        if (await GrantLookup.FindAsync(call, state => state.FindCode(digest, call.Now)) is not { } code)
        {
            return Unknown(call, text);
        }

        if (Check(call, client, code, call.Parameters["redirect_uri"]!) is { } refusal)
        {
            return refusal;
        }

        var scope = call.Parameters["scope"] ?? code.Grant.Scope;
        if (
            PersonTokens.Prepare(call, client, code.Grant.PersonId, scope, code.Grant.Scope, out var prepared) is
            { } barred
        )
        {
            return barred;
        }

        var answer = prepared! with { Nonce = code.Nonce };
        var outcome = await call.Issuer.Grants.CommitAsync(
            new CodeRedeemed(digest, answer.MakeRefreshToken(call)),
            call.Cancel
        );
        if (outcome is not GrantOutcome.Done)
        {
            return outcome is GrantOutcome.AlreadyRedeemed ? new(IssuerError.CodeRedeemed) : Unknown(call, text);
        }

        await answer.WriteAsync(call);
        return null;
    }

    private static IssuerRefusal Unknown(IssuerCall call, string text) =>
        new(OpaqueSecret.SaysEnded(text, call.Now) ? IssuerError.CodeEnded : IssuerError.CodeUnknown);

    private static IssuerRefusal? Check(IssuerCall call, ClientIdentity client, IssuedCode code, string redirectUri)
    {
        if (code.Grant.ClientId != client.Application.ClientId)
        {
            return new(IssuerError.CodeOfAnotherClient);
        }

        if (code.Grant.TenantId != client.Tenant.Id)
        {
            return new(IssuerError.CodeOfAnotherTenant);
        }

        if (code.RedirectUri != redirectUri)
        {
            return new(IssuerError.CodeRedirectDiffers);
        }

        if (code.CodeChallenge is null && CallerOrigin.IsForeign(call))
        {
            return new(IssuerError.OriginNeedsChallenge);
        }

        return IsVerified(code.CodeChallenge, call.Parameters["code_verifier"]) ? null : new(IssuerError.VerifierWrong);
    }

    /// <summary>
    /// A verifier without a challenge fails too: somebody may have taken the challenge out on the
    /// way (RFC 9700 4.8).
    /// </summary>
    private static bool IsVerified(string? challenge, string? verifier) =>
        challenge is null || verifier is null
            ? challenge is null && verifier is null
            : CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(challenge),
                Encoding.ASCII.GetBytes(Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(verifier))))
            );
}
