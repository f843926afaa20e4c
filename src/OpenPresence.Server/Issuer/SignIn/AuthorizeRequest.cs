using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// What an application wants from <c>authorize</c>, understood. A fault in it goes back to the
/// application.
/// </summary>
/// <param name="Address">Where the answer goes.</param>
/// <param name="Scopes">What is granted of what it asks for.</param>
/// <param name="ScopeText">As it was asked for.</param>
/// <param name="WantsCode">Whether the answer holds a code.</param>
/// <param name="WantsIdToken">Whether the answer holds an id token.</param>
/// <param name="CodeChallenge">What the verifier's SHA-256 must be (PKCE); null: none.</param>
/// <param name="Nonce">For the id token.</param>
/// <param name="Prompts">The words of <c>prompt</c>.</param>
/// <param name="LoginHint">Who probably wants to sign in.</param>
internal sealed record AuthorizeRequest(
    ReturnAddress Address,
    GrantedScopes Scopes,
    string ScopeText,
    bool WantsCode,
    bool WantsIdToken,
    string? CodeChallenge,
    string? Nonce,
    string[] Prompts,
    string? LoginHint
)
{
    private const int ChallengeChars = 43;
    private const int VerifierCharsMax = 128;

    public bool MustBeSilent => Prompts.Contains("none");

    public bool MustAsk => Prompts.Contains("login") || Prompts.Contains("select_account");

    public static IssuerRefusal? Parse(IssuerCall call, ReturnAddress address, out AuthorizeRequest? request)
    {
        request = null;
        string? challenge = null;
        var parameters = call.Parameters;
        if (
            (
                parameters.Require("response_type", out var type)
                ?? CheckResponse(address, type, parameters)
                ?? ReadChallenge(parameters, out challenge)
                ?? parameters.Require("scope", out _)
            ) is
            { } refusal
        )
        {
            return refusal;
        }

        var prompts = parameters["prompt"]?.Split(' ') ?? [];
        var strange = prompts.FirstOrDefault(word =>
            word is not ("none" or "login" or "select_account" or "consent" or "create")
        );
        if (strange is not null || (prompts.Length > 1 && prompts.Contains("none")))
        {
            return new(IssuerError.PromptUnknown, Quoted.Of(parameters["prompt"]!));
        }

        var scope = parameters["scope"]!;
        if (ScopeRequest.Parse(call, address.Client.Tenant, scope, out var parsed) is { } malformed)
        {
            return malformed;
        }

        if (GrantedScopes.Ask(parsed!, address.Client.Application, out var granted) is { } unconsented)
        {
            return unconsented;
        }

        request = new(
            address,
            granted!,
            scope,
            type.Split(' ').Contains("code"),
            type.Split(' ').Contains("id_token"),
            challenge,
            parameters["nonce"],
            prompts,
            parameters["login_hint"]
        );
        return null;
    }

    private static IssuerRefusal? CheckResponse(ReturnAddress address, string type, RequestParameters parameters)
    {
        var words = type.Split(' ');
        if (words.Contains("token"))
        {
            return new(IssuerError.ResponseTypeOff);
        }

        if (type is not ("code" or "id_token" or "code id_token" or "id_token code"))
        {
            return new(IssuerError.ResponseTypeUnknown, Quoted.Of(type));
        }

        if (!words.Contains("id_token"))
        {
            return null;
        }

        if (address.Mode is ResponseMode.Query)
        {
            return new(IssuerError.ResponseModeUnsafe);
        }

        // Without a nonce, an id token that travels through the browser can be played again.
        return parameters["nonce"] is null ? new(IssuerError.NonceMissing) : null;
    }

    /// <summary>
    /// The challenge as S256 has it. "plain", which is what a missing method means (RFC 7636 4.3), has the verifier itself
    /// as its challenge, so its hash is what the verifier's hash must be.
    /// </summary>
    private static IssuerRefusal? ReadChallenge(RequestParameters parameters, out string? challenge)
    {
        challenge = parameters["code_challenge"];
        var method = parameters["code_challenge_method"];
        if (challenge is null)
        {
            return method is null ? null : new(IssuerError.ChallengeMissing);
        }

        if (method is not (null or "S256" or "plain"))
        {
            return new(IssuerError.ChallengeMethodUnknown);
        }

        if (method is "S256")
        {
            return challenge.Length == ChallengeChars && Base64Url.IsValid(challenge)
                ? null
                : new(IssuerError.ChallengeMalformed);
        }

        if (challenge.Length is < ChallengeChars or > VerifierCharsMax || challenge.Any(c => !IsVerifierCharacter(c)))
        {
            return new(IssuerError.ChallengeMalformed);
        }

        challenge = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(challenge)));
        return null;
    }

    private static bool IsVerifierCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~';
}
