namespace OpenPresence.Server.Contracts;

/// <summary>How a token came about; Graph's three columns of permissions.</summary>
public enum CallerKind : byte
{
    /// <summary>A person of a tenant, through an application (scp).</summary>
    DelegatedWork,

    /// <summary>A person with a personal account, through an application; presence refuses it.</summary>
    DelegatedPersonal,

    /// <summary>An application for itself (roles).</summary>
    Application,
}

/// <summary>Whose data an operation may touch for a caller. In order: each includes the one before.</summary>
public enum Access : byte
{
    /// <summary>No permission that the caller holds allows the operation.</summary>
    None,

    /// <summary>Only the caller's own.</summary>
    Self,

    /// <summary>The data of every person in the tenant.</summary>
    Everyone,
}

/// <summary>
/// Who calls, as a validated token says it: computed once per token, then shared by all its requests.
/// </summary>
public sealed class Caller(
    Guid tenantId,
    Guid? userId,
    Guid applicationId,
    CallerKind kind,
    IReadOnlyList<string> permissions,
    Access[] accessByOperation,
    DateTimeOffset expiresAt
)
{
    /// <summary>The tenant that everything the caller sees belongs to.</summary>
    public Guid TenantId { get; } = tenantId;

    /// <summary>The person's object id; null for an application on its own behalf.</summary>
    public Guid? UserId { get; } = userId;

    /// <summary>The calling application's client id.</summary>
    public Guid ApplicationId { get; } = applicationId;

    /// <summary>Which column of the permission table applies.</summary>
    public CallerKind Kind { get; } = kind;

    /// <summary>The scopes or roles of the token, as it spells them.</summary>
    public IReadOnlyList<string> Permissions { get; } = permissions;

    /// <summary>When the token ends.</summary>
    public DateTimeOffset ExpiresAt { get; } = expiresAt;

    /// <summary>When the token says that it was issued; null: it does not say.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>
    /// Whether the directory is the register of what the application may do: it is for tokens of the built-in issuer.
    /// </summary>
    public bool IsOfDirectory { get; init; }

    /// <summary>Tells this token from others: a part of its signature.</summary>
    public ulong Tag { get; init; }

    /// <summary>Whose data the operation may touch, from the permission table.</summary>
    public Access AccessTo(Operation operation) => accessByOperation[(int)operation];
}
