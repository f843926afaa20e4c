using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>
/// Checks the assertion of an application that proves itself with a certificate (RFC 7523, as MSAL
/// writes it).
/// </summary>
/// <remarks>
/// The certificate is found by the thumbprint in the header and must be registered; one that comes
/// along (<c>x5c</c>) is not even read. As with every token, the claims are looked at after the
/// signature. MSAL writes <c>nbf</c> and <c>exp</c> as strings, and names either thumbprint.
/// </remarks>
internal static class ClientAssertion
{
    /// <summary>Null: the client is who it says.</summary>
    public static IssuerRefusal? Check(IssuerCall call, ClientIdentity client, string assertion)
    {
        if (!CompactToken.TryParsePadded(assertion, IssuerLimits.AssertionCharsMax, out var token))
        {
            return new(IssuerError.AssertionMalformed, "it cannot be read.");
        }

        using (token)
        {
            using var certificate = FindCertificate(client, token.Header);
            if (certificate is null || !HasSigned(certificate, token))
            {
                return new(IssuerError.AssertionSignature, $"{client.Application.ClientId}");
            }

            if (!IsValidAt(certificate, call.Now))
            {
                return new(IssuerError.CertificateEnded);
            }

            return CheckSubject(client, token.Payload)
                ?? CheckAudience(call, client, token.Payload)
                ?? CheckTime(call, token.Payload, out var endsAt)
                ?? CountUse(call, client, token.Payload, assertion, endsAt);
        }
    }

    private static X509Certificate2? FindCertificate(ClientIdentity client, JsonElement header)
    {
        var name = CertificateName.Of(header);
        foreach (var der in client.Application.Certificates)
        {
            var certificate = X509CertificateLoader.LoadCertificate(Convert.FromBase64String(der));
            if (name.Fits(certificate))
            {
                return certificate;
            }

            certificate.Dispose();
        }

        return null;
    }

    private static bool HasSigned(X509Certificate2 certificate, CompactToken token)
    {
        using AsymmetricAlgorithm? key =
            (AsymmetricAlgorithm?)certificate.GetRSAPublicKey() ?? certificate.GetECDsaPublicKey();
        return key is not null
            && SignatureAlgorithms.Verify(
                TokenClaims.Text(token.Header, "alg") ?? "",
                new VerificationKey(certificate.Thumbprint, key),
                token.SignedBytes,
                token.Signature
            );
    }

    private static bool IsValidAt(X509Certificate2 certificate, Instant now) =>
        At(certificate.NotBefore) <= now + TokenLimits.ClockSkew && now < At(certificate.NotAfter);

    private static Instant At(DateTime local) => new(local.ToUniversalTime().Ticks);

    private static IssuerRefusal? CheckSubject(ClientIdentity client, JsonElement claims)
    {
        var id = client.Application.ClientId.ToString();
        return IsId(TokenClaims.Text(claims, "iss")) && IsId(TokenClaims.Text(claims, "sub"))
            ? null
            : new(IssuerError.AssertionSubject, id);

        bool IsId(string? text) => id.Equals(text, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// The token endpoint, or the issuer, by whichever name of the tenant the client knows it.
    /// </summary>
    private static IssuerRefusal? CheckAudience(IssuerCall call, ClientIdentity client, JsonElement claims)
    {
        ImmutableArray<string> names =
        [
            call.Argument,
            client.Tenant.Id.ToString(),
            .. client.Tenant.Domains,
            TenantInPath.Common,
            TenantInPath.Organizations,
        ];
        // Programs that take their authority from a setting still write the cloud's own one into the assertion. In
        // production that one is another issuer.
        string[] cloud = call.Issuer.Settings.SignsPeopleIn ? call.Cloud.LoginHosts : [];
        string[] authorities = [call.BaseUrl, .. cloud.Select(host => $"https://{host}")];
        var accepted = (
            from authority in authorities
            from name in names
            from path in (string[])["/oauth2/v2.0/token", "/v2.0", "/oauth2/token", ""]
            select $"{authority}/{name}{path}"
        ).ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (TokenClaims.Audiences(claims).Any(audience => accepted.Contains(audience.TrimEnd('/'))))
        {
            return null;
        }

        return new(IssuerError.AssertionAudience, $"{call.BaseUrl}/{client.Tenant.Id}/oauth2/v2.0/token");
    }

    private static IssuerRefusal? CheckTime(IssuerCall call, JsonElement claims, out Instant endsAt)
    {
        endsAt = default;
        if (
            !TokenClaims.TryReadInstant(claims, "exp", out var exp)
            || !TokenClaims.TryReadInstant(claims, "nbf", out var nbf)
            || exp is null
        )
        {
            return new(IssuerError.AssertionMalformed, "exp and nbf must be seconds since 1970.");
        }

        endsAt = Instant.From(exp.Value);
        var startsAt = nbf is null ? default : Instant.From(nbf.Value);
        return
            call.Now < endsAt + TokenLimits.ClockSkew
            && startsAt <= call.Now + TokenLimits.ClockSkew
            && endsAt <= call.Now + IssuerLimits.ClientAssertionLifetimeMax + TokenLimits.ClockSkew
            ? null
            : new(
                IssuerError.AssertionTime,
                $"{call.Now}",
                nbf is null ? "ever" : $"{startsAt}",
                $"{endsAt} (at most {IssuerLimits.ClientAssertionLifetimeMax.TotalHours} h ahead)"
            );
    }

    private static IssuerRefusal? CountUse(
        IssuerCall call,
        ClientIdentity client,
        JsonElement claims,
        string assertion,
        Instant endsAt
    )
    {
        var name = TokenClaims.Text(claims, "jti") ?? assertion;
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{client.Application.ClientId:D}|{name}"));
        var use = call.Issuer.AssertionUses.Add(Convert.ToHexString(hash), endsAt + TokenLimits.ClockSkew, call.Now);
        return use is { Count: > IssuerLimits.AssertionUsesMax }
            ? new(IssuerError.AssertionOverused, $"{IssuerLimits.AssertionUsesMax}")
            : null;
    }
}
