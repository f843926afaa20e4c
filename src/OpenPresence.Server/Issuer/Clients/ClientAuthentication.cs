using System.Text;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>
/// Finds out which application asks, and checks its proof: a secret in the body or by basic
/// authentication, or an assertion signed with a registered certificate.
/// </summary>
/// <remarks>
/// A public client that shows a secret is refused rather than served: whoever configured it so
/// believes in a protection that does not exist.
/// </remarks>
internal static class ClientAuthentication
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>The application, or why not.</summary>
    public static IssuerRefusal? Authenticate(IssuerCall call, out ClientIdentity? client)
    {
        client = null;
        if (ReadBasic(call, out var basic) is { } malformed)
        {
            return malformed;
        }

        var parameters = call.Parameters;
        var clientId = basic?.Id ?? parameters["client_id"] ?? "";
        if (clientId.Length == 0)
        {
            return new(IssuerError.ParameterMissing, "client_id");
        }

        if (basic is not null && (parameters["client_id"] ?? clientId) != clientId)
        {
            return new(IssuerError.CredentialsAmbiguous);
        }

        if (ClientIdentity.Find(call, clientId, out var found) is { } unknown)
        {
            return unknown;
        }

        return CheckProof(call, found!, basic?.Secret, out client);
    }

    private static IssuerRefusal? CheckProof(
        IssuerCall call,
        ClientIdentity found,
        string? basicSecret,
        out ClientIdentity? client
    )
    {
        client = null;
        var secret = string.IsNullOrEmpty(basicSecret) ? call.Parameters["client_secret"] : basicSecret;
        var assertion = call.Parameters["client_assertion"];
        if ((assertion is not null && secret is not null) || secret != (call.Parameters["client_secret"] ?? secret))
        {
            return new(IssuerError.CredentialsAmbiguous);
        }

        if (found.Application.IsPublicClient)
        {
            client = found;
            return secret is null && assertion is null ? null : new(IssuerError.ClientIsPublic);
        }

        if (assertion is not null)
        {
            client = found with { AuthenticationClass = ClientIdentity.Certificate };
            // The official SDKs for PHP and Ruby write "Oauth".
            return AssertionType.Equals(call.Parameters["client_assertion_type"], StringComparison.OrdinalIgnoreCase)
                ? ClientAssertion.Check(call, client, assertion)
                : new(IssuerError.AssertionTypeWrong);
        }

        if (secret is null)
        {
            return new(IssuerError.SecretMissing);
        }

        client = found with { AuthenticationClass = ClientIdentity.Secret };
        // All hashes, whether or not one fits: how long it takes says nothing about which.
        var fits = found.Application.SecretHashes.Count(hash => SecretHash.Verify(secret, hash));
        return fits > 0 ? null : new(IssuerError.SecretWrong, found.Application.ClientId.ToString());
    }

    /// <summary>RFC 6749 2.3.1: both parts are form-encoded before they are joined.</summary>
    private static IssuerRefusal? ReadBasic(IssuerCall call, out (string Id, string Secret)? basic)
    {
        const string Scheme = "Basic";
        const string Unreadable = "its basic authentication cannot be read.";
        basic = null;
        var header = call.Http.Request.Headers.Authorization.ToString();
        if (!header.Split(' ')[0].Equals(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        if (header.Length > IssuerLimits.ParameterCharsMax)
        {
            return new(IssuerError.RequestMalformed, Unreadable);
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out var length))
        {
            return new(IssuerError.RequestMalformed, Unreadable);
        }

        var text = Encoding.UTF8.GetString(bytes, 0, length);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0)
        {
            return new(IssuerError.RequestMalformed, Unreadable);
        }

        basic = (Decode(text[..colon]), Decode(text[(colon + 1)..]));
        return null;
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));
}
