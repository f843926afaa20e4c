using System.Collections.Immutable;
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
        if (BasicCredentials.Read(call, out var basic) is { } malformed)
        {
            return malformed;
        }

        var named = call.Parameters["client_id"];
        var clientId = basic?.Id ?? named ?? "";
        if (clientId.Length == 0)
        {
            return new(IssuerError.ParameterMissing, "client_id");
        }

        if (!clientId.Equals(named ?? clientId, StringComparison.OrdinalIgnoreCase))
        {
            return new(IssuerError.CredentialsAmbiguous);
        }

        if (ClientIdentity.Find(call, clientId, out var found) is { } unknown)
        {
            return unknown;
        }

        return CheckProof(call, found!, basic, out client);
    }

    private static IssuerRefusal? CheckProof(
        IssuerCall call,
        ClientIdentity found,
        BasicCredentials? basic,
        out ClientIdentity? client
    )
    {
        client = null;
        var secret = call.Parameters["client_secret"];
        if (
            basic is { Secrets.IsEmpty: false }
            && secret is not null
            && !basic.Secrets.Contains(secret, StringComparer.Ordinal)
        )
        {
            return new(IssuerError.CredentialsAmbiguous);
        }

        // Beside the body's secret, the header's is the same.
        ImmutableArray<string> secrets = secret is not null ? [secret] : basic?.Secrets ?? [];
        var assertion = call.Parameters["client_assertion"];
        if (assertion is not null && !secrets.IsEmpty)
        {
            return new(IssuerError.CredentialsAmbiguous);
        }

        if (found.Application.IsPublicClient)
        {
            client = found;
            return secrets.IsEmpty && assertion is null ? null : new(IssuerError.ClientIsPublic);
        }

        if (assertion is not null)
        {
            client = found with { AuthenticationClass = ClientIdentity.Certificate };
            // The official SDKs for PHP and Ruby write "Oauth".
            return AssertionType.Equals(call.Parameters["client_assertion_type"], StringComparison.OrdinalIgnoreCase)
                ? ClientAssertion.Check(call, client, assertion)
                : new(IssuerError.AssertionTypeWrong);
        }

        if (secrets.IsEmpty)
        {
            return new(IssuerError.SecretMissing);
        }

        client = found with { AuthenticationClass = ClientIdentity.Secret };
        // All hashes, whether or not one fits: how long it takes says nothing about which.
        var fits = secrets.Sum(text => found.Application.SecretHashes.Count(hash => SecretHash.Verify(text, hash)));
        return fits > 0 ? null : new(IssuerError.SecretWrong, found.Application.ClientId.ToString());
    }
}
