namespace OpenPresence.Server.State.Directory;

/// <summary>
/// What can happen to the directory: the entries of the journal that concern it. A change is complete
/// (secrets are hashed, ids chosen) before it is appended, so that applying it gives the same directory on every
/// node. What depends on the directory's state is decided in <see cref="TenantDirectory.Apply"/>.
/// </summary>
public abstract record DirectoryChange;

/// <summary>A tenant is new, or its name or domains are.</summary>
public sealed record TenantUpserted(Tenant Tenant) : DirectoryChange;

/// <summary>A person is new or has other attributes; all are replaced, but a photo stays as it is.</summary>
public sealed record PersonUpserted(Person Person) : DirectoryChange;

/// <summary>
/// A person is new or has other attributes, as long as nobody else was quicker: whoever worked the attributes out
/// of the former ones says which these were. Nothing happens when the person has others by then.
/// </summary>
/// <param name="Person">All attributes.</param>
/// <param name="Was">Of the former ones; <see cref="PersonVersion.None"/>: the person is new.</param>
public sealed record PersonRevised(Person Person, PersonVersion Was) : DirectoryChange;

/// <summary>
/// A person exists of whom nothing but the id is known: presence without a directory. Nothing happens when
/// more is known of that person already.
/// </summary>
public sealed record PersonKnown(Guid Id, Guid TenantId) : DirectoryChange;

/// <summary>A person has another photo, or none.</summary>
public sealed record PersonPhotoChanged(Guid PersonId, PersonPhoto? Photo) : DirectoryChange;

/// <summary>A person is gone.</summary>
public sealed record PersonRemoved(Guid Id) : DirectoryChange;

/// <summary>An application is new or registered differently; everything is replaced.</summary>
public sealed record ApplicationUpserted(Application Application) : DirectoryChange;

/// <summary>An application is gone.</summary>
public sealed record ApplicationRemoved(Guid ClientId) : DirectoryChange;

/// <summary>What became of a change that was applied; everything but Done left the directory as it was.</summary>
public enum DirectoryOutcome : byte
{
    Done = 0,

    /// <summary>The person or application names a tenant that does not exist.</summary>
    TenantUnknown = 1,

    /// <summary>One of the domains belongs to another tenant.</summary>
    DomainTaken = 2,

    /// <summary>Another person has that user principal name.</summary>
    UserPrincipalNameTaken = 3,

    /// <summary>The id belongs to a person or an application of another tenant.</summary>
    IdOfAnotherTenant = 4,

    /// <summary>There is no such person.</summary>
    PersonUnknown = 5,

    /// <summary>There is no such application.</summary>
    ApplicationUnknown = 6,

    /// <summary>There are <see cref="TenantDirectory.TenantsMax"/> tenants already.</summary>
    TooManyTenants = 7,

    /// <summary>Another caller changed, removed or added the person meanwhile.</summary>
    PersonChanged = 8,

    /// <summary>Another person in the tenant has that external id.</summary>
    ExternalIdTaken = 9,
}
