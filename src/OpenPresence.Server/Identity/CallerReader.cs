using System.Collections.Immutable;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Identity;

/// <summary>
/// From the claims of a proven token to the caller: whose tenant, which application, which person, what it
/// may do. The rules, in order:
/// <list type="number">
/// <item>A personal Microsoft account is refused, by its tenant or by who vouched for it.</item>
/// <item>The tenant is in the directory, its issuer may speak for it, and <c>iss</c> names no other.</item>
/// <item>There is an application; it is registered where the issuer has no register of its own.</item>
/// <item>Whose token it is: <c>idtyp</c> says so, or a claim that the settings name. Else it is the application's
/// when user and application are the same (RFC 9068, 2.2), or when there are neither scopes nor anything
/// that names a person. Tokens of version 2.0 have no <c>idtyp</c>; but "no scopes" alone would not do,
/// for a person's id token has none either, and would turn the person's roles into the application's.</item>
/// <item>A person is in that tenant, by object id or (a setting) by user principal name, and not
/// disabled.</item>
/// <item>A person's token counts by its scopes alone, an application's by its roles alone. A person's
/// token may carry roles too: they are the person's roles in the application, never permissions here.</item>
/// </list>
/// </summary>
internal sealed class CallerReader(TenantDirectory directory, HomeOfPerson homeOf, PermissionTable permissions)
{
    /// <summary>The tenant of all personal Microsoft accounts.</summary>
    public const string PersonalTenantId = "9188040d-6c67-4c5b-b112-36a304b66dad";

    public AuthResult Read(
        JsonElement payload,
        TrustedIssuer issuer,
        string? tenantInIssuer,
        DateTimeOffset expiresAt,
        ulong tag
    )
    {
        var claims = issuer.Claims;
        if (IsPersonal(payload, claims))
        {
            return TokenRefusals.PersonalAccount;
        }
        if (TenantOf(payload, issuer, tenantInIssuer) is not { } tenantId)
        {
            return TokenRefusals.Tenant;
        }
        if (TokenClaims.Text(payload, claims.Application) is not { Length: > 0 } clientId)
        {
            return TokenRefusals.Application;
        }
        var applicationId = ApplicationIds.Of(issuer.Name, clientId);
        if (issuer.ApplicationMustBeKnown && !IsKnown(applicationId))
        {
            return TokenRefusals.Application;
        }
        Guid? userId = null;
        var kind = CallerKind.Application;
        if (!IsTheApplications(payload, claims, clientId, tenantId))
        {
            kind = CallerKind.DelegatedWork;
            if (PersonOf(payload, issuer, tenantId, out userId) is { } unknown)
            {
                return unknown;
            }
        }
        var held = Permissions(payload, kind is CallerKind.Application ? claims.Roles : claims.Scopes);
        var access = permissions.AccessOf(kind, held);
        TokenClaims.TryReadInstant(payload, "iat", out var issuedAt);
        return new Caller(tenantId, userId, applicationId, kind, held, access, expiresAt)
        {
            IsOfDirectory = issuer.IsBuiltIn,
            IssuedAt = issuedAt,
            Tag = tag,
        };
    }

    private bool IsKnown(Guid applicationId) =>
        directory.TryGetApplication(applicationId, out _) || applicationId == PageApplication.Id;

    private static bool IsPersonal(JsonElement payload, ClaimPaths claims) =>
        TokenClaims.Text(payload, claims.Tenant) == PersonalTenantId
        || (
            TokenClaims.Text(payload, claims.IdentityProvider) is { } provider
            && (provider == "live.com" || provider.Contains(PersonalTenantId, StringComparison.OrdinalIgnoreCase))
        );

    private Guid? TenantOf(JsonElement payload, TrustedIssuer issuer, string? tenantInIssuer)
    {
        Tenant? tenant;
        if (issuer.FixedTenant is { } only)
        {
            directory.TryGetTenant(only, out tenant);
        }
        else if (TokenClaims.Text(payload, issuer.Claims.Tenant) is { } text)
        {
            directory.TryGetTenant(text, out tenant);
        }
        else
        {
            return null;
        }
        var isAllowed =
            tenant is not null
            && (issuer.Tenants is null || issuer.Tenants.Contains(tenant.Id))
            && (tenantInIssuer is null || Guid.Parse(tenantInIssuer) == tenant.Id);
        return isAllowed ? tenant!.Id : null;
    }

    private bool IsTheApplications(JsonElement payload, ClaimPaths claims, string clientId, Guid tenantId)
    {
        if (TokenClaims.Text(payload, claims.TokenKind) is { } kind)
        {
            return kind == "app";
        }
        if (!claims.ApplicationOnly.IsEmpty)
        {
            return TokenClaims.Has(payload, claims.ApplicationOnly);
        }
        var user = TokenClaims.Text(payload, claims.User);
        return user == clientId
            || (
                TokenClaims.Words(payload, claims.Scopes).Count == 0
                && !TokenClaims.Has(payload, claims.UserPrincipalName)
                && !IsPerson(user, tenantId, out _)
            );
    }

    private bool IsPerson(string? user, Guid tenantId, out Guid id) =>
        Guid.TryParseExact(user, "D", out id) && homeOf(id, out var home) && home == tenantId;

    private Refusal? PersonOf(JsonElement payload, TrustedIssuer issuer, Guid tenantId, out Guid? userId)
    {
        userId = null;
        Person? person;
        if (IsPerson(TokenClaims.Text(payload, issuer.Claims.User), tenantId, out var id))
        {
            directory.TryGetPerson(id, out person);
            userId = id;
        }
        else if (
            issuer.UnknownPerson is UnknownPerson.MatchByUserPrincipalName
            && TokenClaims.Text(payload, issuer.Claims.UserPrincipalName) is { } name
            && directory.TryGetPerson(name, out person)
            && person.TenantId == tenantId
        )
        {
            userId = person.Id;
        }
        else
        {
            return TokenRefusals.Person;
        }
        return person is { AccountEnabled: false } ? TokenRefusals.PersonDisabled : null;
    }

    // Names from the table instead of the token's own copies: thousands of remembered callers share them.
    private IReadOnlyList<string> Permissions(JsonElement payload, ImmutableArray<ClaimPath> place) =>
        [
            .. TokenClaims
                .Words(payload, place)
                .Select(word => permissions.Permissions.TryGetValue(word, out var known) ? known.Name : word),
        ];
}
