using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>
/// The applications of a tenant. Secrets are plain in the file, since people write it, and hashed here, before
/// anything else sees them; a fault never repeats one.
/// </summary>
internal static class SeedApplications
{
    private const int CredentialsMax = 20;
    private const int CertificateCharsMax = 16_384;
    private const int RedirectUrisMax = 256;
    private const int UriCharsMax = 2_048;
    private const int PermissionsMax = 1_000;
    private const int PermissionCharsMax = 128;

    /// <summary>Stands for every permission of its kind.</summary>
    private const string Every = "*";

    public static void Read(SeedReading reading, Tenant tenant, JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var clientId = reading.TakeId(members, "clientId", "client id");
        var isPublic = members.Flag("isPublicClient", otherwise: false);
        var application = new Application(
            clientId,
            tenant.Id,
            members.RequiredText("displayName", SeedTenants.NameCharsMax)
        )
        {
            ServicePrincipalId =
                members.Id("servicePrincipalId") ?? SeedIds.From(tenant.Id, $"service principal {clientId}"),
            IsPublicClient = isPublic,
            SecretHashes = ReadSecrets(reading, members),
            Certificates = ReadCertificates(reading, members),
            RedirectUris = ReadRedirectUris(reading, members),
            ApplicationPermissions = ReadPermissions(reading, members, isDelegated: false),
            DelegatedScopes = ReadPermissions(reading, members, isDelegated: true),
        };
        CheckTogether(reading, value, members, application);
        members.Done();
        reading.Applications.Add(clientId);
        reading.Directory.Add(new ApplicationUpserted(application));
    }

    private static void CheckTogether(
        SeedReading reading,
        JsoncValue value,
        JsoncMembers members,
        Application application
    )
    {
        var hasCredential = members.Any("secrets") is not null || members.Any("certificates") is not null;
        if (application.IsPublicClient && hasCredential)
        {
            reading.Report(
                value,
                "A public client keeps no secret: leave out secrets and certificates, or isPublicClient."
            );
        }

        if (!application.IsPublicClient && !hasCredential)
        {
            reading.Report(value, "Needs secrets or certificates, or \"isPublicClient\": true.");
        }

        if (application.IsPublicClient && members.Any("applicationPermissions") is { } granted)
        {
            reading.Report(granted, "A public client cannot get a token for itself: grant delegatedScopes instead.");
        }
    }

    private static ImmutableArray<string> ReadSecrets(SeedReading reading, JsoncMembers members)
    {
        var hashes = ImmutableArray.CreateBuilder<string>();
        foreach (var (value, secret) in members.Texts("secrets", CredentialsMax, SecretHash.SecretCharsMax))
        {
            if (secret.Length == 0)
            {
                reading.Report(value, "Must not be empty.");
            }
            else
            {
                hashes.Add(SecretHash.Hash(secret));
            }
        }

        return hashes.DrainToImmutable();
    }

    private static ImmutableArray<string> ReadCertificates(SeedReading reading, JsoncMembers members)
    {
        var certificates = ImmutableArray.CreateBuilder<string>();
        foreach (var (value, text) in members.Texts("certificates", CredentialsMax, CertificateCharsMax))
        {
            try
            {
                var der = Convert.FromBase64String(text);
                using var certificate = X509CertificateLoader.LoadCertificate(der);
                certificates.Add(Convert.ToBase64String(certificate.RawData));
            }
            catch (Exception e) when (e is FormatException or CryptographicException)
            {
                reading.Report(
                    value,
                    "Is no certificate: the base64 of its DER form, as between the BEGIN and END lines of PEM, on one line."
                );
            }
        }

        return certificates.DrainToImmutable();
    }

    private static ImmutableArray<string> ReadRedirectUris(SeedReading reading, JsoncMembers members)
    {
        var uris = ImmutableArray.CreateBuilder<string>();
        foreach (var (value, text) in members.Texts("redirectUris", RedirectUrisMax, UriCharsMax))
        {
            if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.IsFile)
            {
                reading.Report(value, $"'{text}' is no absolute URI.");
            }
            else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback)
            {
                reading.Report(value, "Codes would travel in the clear: use https, or http on localhost.");
            }
            else if (uri.Fragment.Length > 0)
            {
                reading.Report(value, "Must not have a fragment (#).");
            }
            else
            {
                uris.Add(text);
            }
        }

        return uris.DrainToImmutable();
    }

    private static ImmutableArray<string> ReadPermissions(SeedReading reading, JsoncMembers members, bool isDelegated)
    {
        var name = isDelegated ? "delegatedScopes" : "applicationPermissions";
        var known = PermissionTable.Built.Permissions.Values;
        var ofKind = known
            .Where(p => (isDelegated ? p.DelegatedId : p.ApplicationId) is not null)
            .Select(p => p.Name)
            .Order(StringComparer.Ordinal)
            .ToArray();
        var granted = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (value, text) in members.Texts(name, PermissionsMax, PermissionCharsMax))
        {
            if (text == Every)
            {
                granted.UnionWith(ofKind);
            }
            else if (ofKind.Contains(text, StringComparer.Ordinal))
            {
                granted.Add(text);
            }
            else if (PublishedName(text, isDelegated) is { } published)
            {
                granted.Add(published);
            }
            else if (known.Any(p => p.Name == text) || PublishedName(text, !isDelegated) is not null)
            {
                var other = isDelegated ? "an application permission" : "a delegated scope";
                reading.Report(value, $"'{text}' exists only as {other}.");
            }
            else
            {
                var hint = Nearest.To(text, [.. ofKind, .. Published(isDelegated).Keys]) is { } near
                    ? $" Did you mean '{near}'?"
                    : "";
                reading.Report(value, $"Unknown permission '{text}'.{hint}");
            }
        }

        return [.. granted];
    }

    /// <summary>A permission of Graph that opens nothing here, for applications that ask for it too.</summary>
    private static string? PublishedName(string text, bool isDelegated) =>
        Published(isDelegated).TryGetValue(text, out var name) && name == text ? name : null;

    private static FrozenDictionary<string, string> Published(bool isDelegated) =>
        isDelegated ? GraphPermissionNames.Delegated : GraphPermissionNames.Application;
}
