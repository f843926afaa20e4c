using System.Collections.Immutable;

namespace OpenPresence.Server.State.Directory;

/// <summary>An organisation; nothing is ever read or matched across tenants.</summary>
/// <param name="Id">The tenant id.</param>
/// <param name="DisplayName">Its name.</param>
/// <param name="Domains">Its verified domain names, the default one first.</param>
public sealed record Tenant(Guid Id, string DisplayName, ImmutableArray<string> Domains)
{
    public bool Equals(Tenant? other) =>
        other is not null
        && Id == other.Id
        && DisplayName == other.DisplayName
        && Domains.AsSpan().SequenceEqual(other.Domains.AsSpan());

    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>A person of a tenant. Ids are unique over all tenants of an installation.</summary>
/// <param name="Id">The object id.</param>
/// <param name="TenantId">The tenant.</param>
/// <param name="UserPrincipalName">The sign-in name; unique without regard to case.</param>
/// <param name="DisplayName">The name.</param>
public sealed record Person(Guid Id, Guid TenantId, string UserPrincipalName, string DisplayName)
{
    /// <summary>What an identity provider calls this person; unique in the tenant, in this very spelling.</summary>
    public string? ExternalId { get; init; }

    public string? GivenName { get; init; }
    public string? Surname { get; init; }
    public string? Mail { get; init; }
    public string? JobTitle { get; init; }
    public string? Department { get; init; }
    public string? OfficeLocation { get; init; }
    public string? MobilePhone { get; init; }
    public ImmutableArray<string> BusinessPhones { get; init; } = [];
    public string? PreferredLanguage { get; init; }

    /// <summary>IANA name, or a Windows one; decides where a day ends for work locations.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>A disabled account gets no token.</summary>
    public bool AccountEnabled { get; init; } = true;

    /// <summary>Null: there is none. Set by <see cref="PersonPhotoChanged"/> alone.</summary>
    public PersonPhoto? Photo { get; init; }

    public bool Equals(Person? other) =>
        other is not null
        && Id == other.Id
        && TenantId == other.TenantId
        && UserPrincipalName == other.UserPrincipalName
        && DisplayName == other.DisplayName
        && ExternalId == other.ExternalId
        && GivenName == other.GivenName
        && Surname == other.Surname
        && Mail == other.Mail
        && JobTitle == other.JobTitle
        && Department == other.Department
        && OfficeLocation == other.OfficeLocation
        && MobilePhone == other.MobilePhone
        && BusinessPhones.AsSpan().SequenceEqual(other.BusinessPhones.AsSpan())
        && PreferredLanguage == other.PreferredLanguage
        && TimeZone == other.TimeZone
        && AccountEnabled == other.AccountEnabled
        && Photo == other.Photo;

    public override int GetHashCode() => Id.GetHashCode();
}

/// <summary>A registered application.</summary>
/// <param name="ClientId">The application (client) id.</param>
/// <param name="TenantId">The tenant that registered it.</param>
/// <param name="DisplayName">The name.</param>
public sealed record Application(Guid ClientId, Guid TenantId, string DisplayName)
{
    /// <summary>The object id of its service principal.</summary>
    public Guid ServicePrincipalId { get; init; }

    /// <summary>A public client has no secret and cannot use client_credentials.</summary>
    public bool IsPublicClient { get; init; }

    /// <summary>Salted hashes of its secrets; see SecretHash.</summary>
    public ImmutableArray<string> SecretHashes { get; init; } = [];

    /// <summary>DER of the certificates whose assertions it may sign, base64.</summary>
    public ImmutableArray<string> Certificates { get; init; } = [];

    /// <summary>Redirect URIs; a loopback one matches any port.</summary>
    public ImmutableArray<string> RedirectUris { get; init; } = [];

    /// <summary>Granted application permissions, e.g. Presence.Read.All.</summary>
    public ImmutableArray<string> ApplicationPermissions { get; init; } = [];

    /// <summary>Granted delegated scopes, e.g. Presence.Read.</summary>
    public ImmutableArray<string> DelegatedScopes { get; init; } = [];

    public bool Equals(Application? other) =>
        other is not null
        && ClientId == other.ClientId
        && TenantId == other.TenantId
        && DisplayName == other.DisplayName
        && ServicePrincipalId == other.ServicePrincipalId
        && IsPublicClient == other.IsPublicClient
        && SecretHashes.AsSpan().SequenceEqual(other.SecretHashes.AsSpan())
        && Certificates.AsSpan().SequenceEqual(other.Certificates.AsSpan())
        && RedirectUris.AsSpan().SequenceEqual(other.RedirectUris.AsSpan())
        && ApplicationPermissions.AsSpan().SequenceEqual(other.ApplicationPermissions.AsSpan())
        && DelegatedScopes.AsSpan().SequenceEqual(other.DelegatedScopes.AsSpan());

    public override int GetHashCode() => ClientId.GetHashCode();
}
