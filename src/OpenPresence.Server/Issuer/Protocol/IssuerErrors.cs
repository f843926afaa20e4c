using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// Every error of the issuer: its AADSTS number, HTTP status, OAuth word and message, one row each.
/// </summary>
/// <remarks>
/// <para>Programs match the number and the OAuth word, so those follow Entra ID where a source is
/// known (graph-presence.md 6.2, its reference of error codes, and what clients report); the
/// messages are ours, and say what to change. Where Entra's number is not known, that of something
/// of the same kind stands; docs/parity.md has the grades.</para>
/// <para>The table is text, because as constructor calls it fills six pages and nobody reads six
/// pages. A row is the kind, the number, the status, OAuth's word and Entra's second word, if it
/// has one; the indented lines below are the message, with numbered holes. A test compares the rows
/// with the kinds.</para>
/// </remarks>
public static class IssuerErrors
{
    private const string Table = """
        ParameterMissing 900144 400 invalid_request
            The request must contain the following parameter: '{0}'.
        ParameterRepeated 9000411 400 invalid_request
            The request is not properly formatted. The parameter '{0}' is duplicated.
        ParameterTooLong 9002313 400 invalid_request
            The parameter '{0}' is longer than {1} characters.
        RequestMalformed 9002313 400 invalid_request
            The request is malformed or invalid: {0}
        BodyTooLarge 9002313 413 invalid_request
            The request body is larger than {0} bytes.
        WrongContentType 9002313 415 invalid_request
            The request body must be application/x-www-form-urlencoded.
        WrongMethod 900561 405 invalid_request
            The endpoint only accepts {0} requests. Received a {1} request.
        GrantUnknown 70003 400 unsupported_grant_type
            The app requested an unsupported grant type '{0}'.
        TenantUnknown 90002 400 invalid_request
            Tenant '{0}' not found. Check that it is the id or a domain name of a tenant of
            this installation.
        TenantNotNamed 50059 400 invalid_request
            No tenant-identifying information found: name the tenant in the URL instead of
            '{0}'.
        GrantNeedsTenant 9001023 400 invalid_request
            The grant type is not supported over the /{0} endpoint. Use the /organizations or
            a tenant-specific endpoint.
        ClientIdMalformed 700038 400 unauthorized_client
            '{0}' is not a valid application identifier.
        ApplicationUnknown 700016 400 unauthorized_client
            Application with identifier '{0}' was not found in the directory '{1}'.
        SecretMissing 7000218 401 invalid_client
            The request body must contain the following parameter: 'client_assertion' or
            'client_secret'.
        SecretWrong 7000215 401 invalid_client
            Invalid client secret provided for app '{0}'. Send the secret's value, not its id.
        ClientIsPublic 700025 401 invalid_client
            Client is public, so neither 'client_assertion' nor 'client_secret' should be
            presented.
        CredentialsAmbiguous 9002313 400 invalid_request
            Authenticate the client in one way: basic authentication, 'client_secret' or
            'client_assertion'.
        AssertionTypeWrong 50172 400 invalid_request
            The 'client_assertion_type' must be
            'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.
        AssertionMalformed 50027 400 invalid_request
            JWT token is invalid or malformed: {0}
        AssertionSignature 700027 401 invalid_client
            The client assertion failed signature validation: its x5t#S256, x5t or kid must
            name a certificate that is registered for app '{0}', and its alg be PS256, RS256
            or ES256.
        AssertionTime 700024 401 invalid_client
            The client assertion is not within its valid time range. Current time: {0}, valid
            from {1}, expiry {2}.
        AssertionSubject 700021 401 invalid_client
            The client assertion's 'iss' and 'sub' must both be the client_id '{0}'.
        AssertionAudience 700023 401 invalid_client
            The client assertion's 'aud' must be the token endpoint '{0}'.
        AssertionOverused 700027 401 invalid_client
            The client assertion was used more than {0} times. Make a new one.
        CertificateEnded 7000222 401 invalid_client
            The certificate that signed the client assertion is not within its validity
            period.
        ScopeMalformed 70011 400 invalid_scope
            The provided value for the input parameter 'scope' is not valid: {0}
        ScopeNotDefault 1002012 400 invalid_scope
            The provided value for scope '{0}' is not valid. Client credential flows must have
            a scope value with /.default suffixed to the resource identifier.
        ScopesOfTwoResources 28000 400 invalid_scope
            The provided value for the input parameter 'scope' is not valid because it
            contains more than one resource: '{0}' and '{1}'.
        ResourceUnknown 500011 400 invalid_resource
            The resource principal named '{0}' was not found in the tenant '{1}'.
        ConsentMissing 65001 400 invalid_grant consent_required
            The user or administrator has not consented to use the application '{0}' for
            '{1}'. Add it to the application's delegatedScopes.
        ScopeUnknown 650053 400 invalid_client
            The application '{0}' asked for scope '{1}' that doesn't exist on the resource '{2}'.
            Check the spelling: every permission that Graph publishes can be asked for.
        ResourceParameter 901002 400 invalid_request
            The 'resource' request parameter is not supported at an endpoint of version 2.0: name
            it in the 'scope', or ask the endpoint without 'v2.0'.
        RedirectMissing 900971 400 invalid_request
            No reply address provided: the parameter 'redirect_uri' is missing.
        RedirectUnknown 50011 400 invalid_request
            The redirect URI '{0}' specified in the request does not match the redirect URIs
            configured for the application '{1}'.
        ResponseTypeUnknown 700054 400 unsupported_response_type
            The response_type '{0}' is not supported. Use 'code', 'id_token' or 'code id_token'.
        ResponseTypeOff 700051 400 unsupported_response_type
            The response_type 'token' is not enabled: ask for a 'code' with PKCE and redeem it.
        ResponseModeUnknown 901002 400 invalid_request
            The 'response_mode' '{0}' is not supported. Use 'query', 'fragment' or
            'form_post'.
        ResponseModeUnsafe 70007 400 invalid_request
            'query' is not a supported value of 'response_mode' when requesting an id_token.
        NonceMissing 900144 400 invalid_request
            The request must contain the following parameter: 'nonce'.
        ChallengeMissing 50147 400 invalid_request
            A code_challenge_method is named, but the code_challenge is missing.
        ChallengeMalformed 501491 400 invalid_request
            The code_challenge must be 43 characters of base64url, or with the method plain 43 to
            128 unreserved characters.
        ChallengeMethodUnknown 50149 400 invalid_request
            The code_challenge_method must be S256 or plain.
        PromptUnknown 90023 400 invalid_request
            Unsupported 'prompt' value '{0}'.
        SignInNeeded 50058 400 login_required
            A silent sign-in request was sent but no user is signed in.
        SignInDeclined 65004 400 access_denied
            User declined to sign in.
        SignInOff 7000112 400 unauthorized_client
            This server issues no tokens to people, only to applications.
        PersonUnknown 50034 400 invalid_grant
            The user account '{0}' does not exist in the directory '{1}'.
        PersonDisabled 50057 400 invalid_grant
            The user account is disabled.
        PersonOfAnotherTenant 50020 400 invalid_grant
            User account '{0}' does not exist in tenant '{1}' and cannot access the
            application '{2}' in that tenant.
        PasswordWrong 50126 400 invalid_grant
            Error validating credentials due to invalid username or password.
        ForeignForm 9002313 400 invalid_request
            The form was not sent by a page of this server.
        OriginUnknown 9002326 400 invalid_request
            Cross-origin token redemption is permitted only for an origin of one of the
            application's redirect URIs. Request origin: '{0}'.
        OriginNeedsChallenge 9002325 400 invalid_request
            Proof Key for Code Exchange is required for cross-origin authorization code
            redemption.
        CodeUnknown 70000 400 invalid_grant
            The provided value for the 'code' parameter is not valid.
        CodeEnded 70008 400 invalid_grant
            The provided authorization code has expired. Send a new interactive authorization
            request.
        CodeRedeemed 54005 400 invalid_grant
            The authorization code was already redeemed. What came of it is revoked; send a
            new interactive authorization request.
        CodeOfAnotherClient 700009 400 invalid_grant
            The provided code or token was issued to another application.
        CodeOfAnotherTenant 700005 400 invalid_grant
            The provided code or token is intended to use against another tenant, thus
            rejected.
        CodeRedirectDiffers 500112 400 invalid_grant
            The reply address does not match the reply address provided when requesting the
            authorization code.
        VerifierWrong 501481 400 invalid_grant
            The code_verifier does not match the code_challenge supplied in the authorization
            request.
        RefreshTokenUnknown 70000 400 invalid_grant
            The provided refresh token is not valid, or was revoked.
        RefreshTokenEnded 700082 400 invalid_grant
            The refresh token has expired due to inactivity.
        RefreshTokenReused 50173 400 invalid_grant
            The refresh token was already used. It and its successors are revoked; sign in
            again.
        DevicePending 70016 400 authorization_pending
            OAuth 2.0 device flow error. Authorization is pending. Continue polling.
        DeviceDeclined 70017 400 authorization_declined
            OAuth 2.0 device flow error. The user denied the authorization request.
        DeviceCodeUnknown 7000014 400 bad_verification_code
            The provided value for the input parameter 'device_code' is not valid.
        DeviceCodeEnded 70020 400 expired_token
            The provided value for the input parameter 'device_code' is not valid. This device
            code has expired.
        UserCodeUnknown 70018 400 bad_verification_code
            That code is not known, or has expired. Check it, or ask the device for a new one.
        UserCodesTooMany 50053 429 temporarily_unavailable
            Too many codes were tried. Wait a minute.
        OnBehalfOfUse 900144 400 invalid_request
            The request must contain the following parameter: 'requested_token_use' with the
            value 'on_behalf_of'.
        OnBehalfOfSignature 50013 400 invalid_grant
            The assertion is no token of this issuer.
        OnBehalfOfAudience 500131 400 invalid_grant
            Assertion audience does not match the client app presenting the assertion. The
            expected audience is '{0}' or 'api://{0}'.
        OnBehalfOfTime 500133 400 invalid_grant
            The assertion is not within its valid time range.
        OnBehalfOfApplication 7000114 400 invalid_grant
            An application's own token cannot be used to act on behalf of a user.
        BearerMissing 50000 401 invalid_request
            The request has no bearer token in its Authorization header.
        BearerWrong 50013 401 invalid_token
            The bearer token is no valid token of a person from this issuer.
        InstanceUnknown 50049 400 invalid_instance
            Unknown or invalid instance.
        Unavailable 90033 503 temporarily_unavailable
            The service is temporarily unavailable. Try again later.
        Bug 90000 500 server_error
            The server met an unexpected condition. Its log has more under the trace id.
        """;

    /// <summary>One row a kind.</summary>
    public static ImmutableArray<IssuerErrorRow> Rows { get; } = Parse(Table);

    private static readonly FrozenDictionary<IssuerError, IssuerErrorRow> ByError = Rows.ToFrozenDictionary(row =>
        row.Error
    );

    /// <summary>The row of a kind.</summary>
    public static IssuerErrorRow Of(IssuerError error) => ByError[error];

    /// <summary>The message with its holes filled.</summary>
    public static string Message(IssuerRefusal refusal) =>
        string.Format(
            CultureInfo.InvariantCulture,
            Of(refusal.Error).Message,
            refusal.Arguments.Cast<object>().ToArray()
        );

    private static ImmutableArray<IssuerErrorRow> Parse(string table)
    {
        var rows = ImmutableArray.CreateBuilder<IssuerErrorRow>();
        foreach (var line in table.Split('\n'))
        {
            if (line.StartsWith(' '))
            {
                var last = rows[^1];
                rows[^1] = last with { Message = $"{last.Message} {line.Trim()}".TrimStart() };
                continue;
            }

            var words = line.Split(' ');
            rows.Add(
                new IssuerErrorRow(
                    Enum.Parse<IssuerError>(words[0]),
                    int.Parse(words[1]),
                    int.Parse(words[2]),
                    words[3],
                    "",
                    words.ElementAtOrDefault(4)
                )
            );
        }

        return rows.ToImmutable();
    }
}
