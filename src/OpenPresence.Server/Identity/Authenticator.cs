using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Identity;

/// <summary>
/// From the <c>Authorization</c> header to the caller. A token seen before is answered at once from the cache;
/// a new one goes through <see cref="TokenValidator"/>. Refusals are values; nothing of a token is ever logged,
/// which is why nothing in this folder that sees one has a logger.
/// </summary>
/// <remarks>
/// A remembered token must not outlive what made it good. Whoever applies changes of the directory hands them to
/// <see cref="Observe"/>; whoever withdraws a signing key calls <see cref="Flush"/> (discovery does so by itself).
/// Should either be forgotten, <see cref="AuthOptions.RevalidateAfter"/> is the longest that it can matter.
/// </remarks>
public sealed class Authenticator
{
    private const string Scheme = "Bearer ";

    private readonly TokenCache _cache;
    private readonly TokenValidator _validator;

    /// <param name="issuers">Whose tokens are accepted.</param>
    /// <param name="directory">Tenants, people and applications.</param>
    /// <param name="homeOf">The tenant of a person, also of one of whom only the id is known.</param>
    /// <param name="cache">Made by the caller, because keys that end must flush it.</param>
    /// <param name="options">The section <c>Auth</c> of the settings, checked.</param>
    /// <param name="clock">The time.</param>
    /// <param name="permissions">What permissions open; null: Graph's table.</param>
    public Authenticator(
        IEnumerable<TrustedIssuer> issuers,
        TenantDirectory directory,
        HomeOfPerson homeOf,
        TokenCache cache,
        AuthOptions options,
        TimeProvider clock,
        PermissionTable? permissions = null
    )
    {
        _cache = cache;
        _validator = new(
            [.. issuers],
            new CallerReader(directory, homeOf, permissions ?? PermissionTable.Built),
            options,
            clock
        );
    }

    /// <summary>
    /// The caller of a request, or why there is none. Completes synchronously and without allocating when the token
    /// was seen before, and waits only while keys are fetched.
    /// </summary>
    public ValueTask<AuthResult> AuthenticateAsync(StringValues authorization, CancellationToken cancel)
    {
        if (authorization.Count != 1)
        {
            return new(authorization.Count == 0 ? TokenRefusals.Missing : TokenRefusals.Malformed);
        }
        var header = authorization[0].AsSpan();
        if (!header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return new(WithoutToken(header));
        }
        var token = header[Scheme.Length..].Trim(' ');
        if (token.IsEmpty)
        {
            return new(TokenRefusals.BearerAlone);
        }
        return _cache.TryFind(token, out var caller) ? Judged(caller) : ValidateAsync(token.ToString(), cancel);
    }

    private static Refusal WithoutToken(ReadOnlySpan<char> header) =>
        header.IsWhiteSpace() ? TokenRefusals.Missing
        : Scheme.AsSpan().TrimEnd().Equals(header.Trim(), StringComparison.OrdinalIgnoreCase)
            ? TokenRefusals.BearerAlone
        : TokenRefusals.NoBearer;

    /// <summary>Tokens that were ended before their time.</summary>
    public TokenDenials Denials { get; } = new();

    /// <summary>Ends tokens of an application or a person, or of all; see <see cref="TokenDenials.TryAdd"/>.</summary>
    public bool Deny(Guid? applicationId, Guid? userId, DateTimeOffset now, Refusal refusal) =>
        Denials.TryAdd(applicationId, userId, _cache.Callers, now, refusal);

    /// <summary>Forgets every remembered token.</summary>
    public void Flush() => _cache.Flush();

    /// <summary>Forgets the tokens that a change of the directory may have ended.</summary>
    public void Observe(DirectoryChange change)
    {
        switch (change)
        {
            case PersonUpserted { Person: { AccountEnabled: false, Id: var id } }:
                _cache.Flush(caller => caller.UserId == id);
                break;
            case PersonRemoved { Id: var id }:
                _cache.Flush(caller => caller.UserId == id);
                break;
            case ApplicationRemoved { ClientId: var id }:
                _cache.Flush(caller => caller.ApplicationId == id);
                break;
            default:
                break; // what adds or renames ends no token
        }
    }

    /// <summary>Forgets the tokens of a tenant.</summary>
    public void FlushTenant(Guid tenantId) => _cache.Flush(caller => caller.TenantId == tenantId);

    private async ValueTask<AuthResult> ValidateAsync(string token, CancellationToken cancel)
    {
        var generation = _cache.Generation;
        var result = await _validator.ValidateAsync(token.AsMemory(), cancel);
        if (result.Caller is { } caller)
        {
            _cache.Add(token, caller, generation);
            return Denials.Of(caller) is { } ended ? ended : result;
        }
        return result;
    }

    private ValueTask<AuthResult> Judged(Caller caller) => Denials.Of(caller) is { } ended ? new(ended) : new(caller);
}

/// <summary>The tenant of a person; false: no person has that id.</summary>
public delegate bool HomeOfPerson(Guid personId, out Guid tenantId);
