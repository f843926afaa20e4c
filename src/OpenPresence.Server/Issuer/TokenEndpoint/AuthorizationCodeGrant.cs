using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>Redeems a code that <c>authorize</c> sent to the application.</summary>
/// <remarks>
/// Everything that a look at the code decides comes before it counts as redeemed, so that a client's mistake does not cost
/// it the code. Who redeems it a second time ends the sign-in: one of the two stole it.
/// </remarks>
internal static class AuthorizationCodeGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (
            (call.Parameters.Require("code", out var text) ?? call.Parameters.Require("redirect_uri", out _)) is
            { } missing
        )
        {
            return missing;
        }

        if (await PersonGrant.OpenCodeAsync(call, text) is not { Binding: { } binding } code)
        {
            return new(IssuerError.CodeUnknown);
        }

        if (Check(call, client, code, binding) is { } refusal)
        {
            return refusal;
        }

        var scope = call.Parameters["scope"] ?? code.Scope;
        if (PersonTokens.Prepare(call, client, code.PersonId, scope, code.Scope, out var prepared) is { } barred)
        {
            return barred;
        }

        if (call.Issuer.CodeUses.Add(code.Id, code.EndsAt, call.Now) is not { } use)
        {
            return new(IssuerError.CodeUnknown);
        }

        if (use.Count > 1)
        {
            await call.Issuer.RevokeAsync(code.SessionId);
            return new(IssuerError.CodeRedeemed);
        }

        var answer = prepared! with { Nonce = binding.Nonce };
        await answer.WriteAsync(call, code);
        return null;
    }

    private static IssuerRefusal? Check(IssuerCall call, ClientIdentity client, PersonGrant code, CodeBinding binding)
    {
        if (code.EndsAt <= call.Now)
        {
            return new(IssuerError.CodeEnded);
        }

        if (code.ClientId != client.Application.ClientId)
        {
            return new(IssuerError.CodeOfAnotherClient);
        }

        if (code.TenantId != client.Tenant.Id)
        {
            return new(IssuerError.CodeOfAnotherTenant);
        }

        if (binding.RedirectUri != call.Parameters["redirect_uri"])
        {
            return new(IssuerError.CodeRedirectDiffers);
        }

        if (binding.CodeChallenge is null && CallerOrigin.IsForeign(call))
        {
            return new(IssuerError.OriginNeedsChallenge);
        }

        return IsVerified(binding.CodeChallenge, call.Parameters["code_verifier"])
            ? null
            : new(IssuerError.VerifierWrong);
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
