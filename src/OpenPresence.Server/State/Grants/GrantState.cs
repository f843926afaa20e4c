using OpenPresence.Engine;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// What people granted to applications: codes, device codes, refresh tokens. A deterministic state
/// machine like the board: the journal's entries go through <see cref="Apply"/> in order, and two
/// states that saw the same ones are equal.
/// </summary>
/// <remarks>
/// <para>"It was redeemed before" is decided here, as a change is applied, and nowhere else:
/// between a look and an append another node may have redeemed the same code. So an endpoint looks
/// (to check PKCE, the redirect URI, the client: things of a code that never change), appends, and
/// believes only the outcome. The tempting shortcut, to answer from the look alone when it shows a
/// redeemed code, would leave out the revocation that a second use must bring about.</para>
/// <para>A second use of a code or a refresh token means that two parties have it, and one of them
/// stole it; nobody knows which, so the whole grant ends (RFC 6749 4.1.2, RFC 9700 4.14.2). For
/// refresh tokens a short grace lets a client that lost the answer, or two processes over one token
/// cache, go on.</para>
/// <para>One writer; readers on any thread see the last applied change, and never wait.</para>
/// </remarks>
public sealed class GrantState
{
    private volatile GrantTables _tables;

    /// <summary>Nothing granted yet.</summary>
    public GrantState()
        : this(GrantTables.Empty) { }

    internal GrantState(GrantTables tables) => _tables = tables;

    /// <summary>The code, unless it has ended; a redeemed one too.</summary>
    public IssuedCode? FindCode(SecretDigest code, Instant now) =>
        _tables.Codes.TryGet(code, now, out var found) ? found : null;

    /// <summary>The device code, unless it has ended.</summary>
    public IssuedDeviceCode? FindDeviceCode(SecretDigest deviceCode, Instant now) =>
        _tables.DeviceCodes.TryGet(deviceCode, now, out var found) ? found : null;

    /// <summary>The device code that a person's code belongs to, unless it has ended.</summary>
    public IssuedDeviceCode? FindUserCode(SecretDigest userCode, Instant now) =>
        _tables.TryGetByUserCode(userCode, now, out _, out var found) ? found : null;

    /// <summary>
    /// What a refresh token stands for, unless it has ended; of a redeemed one too.
    /// </summary>
    public FoundRefreshToken? FindRefreshToken(SecretDigest token, Instant now)
    {
        var tables = _tables;
        return tables.RefreshTokens.TryGet(token, now, out var found)
            ? new(tables.Grants[found.GrantId].Grant, found.ExpiresAt)
            : null;
    }

    /// <summary>The state at this moment, exact whatever is applied afterwards.</summary>
    public GrantCut Cut() => new(_tables);

    /// <summary>
    /// Applies one change; everything but Done and AlreadyRedeemed changes nothing but what has
    /// ended.
    /// </summary>
    public GrantOutcome Apply(GrantChange change, Instant at)
    {
        var tables = _tables.Pruned(at);
        var outcome = GrantRules.Apply(ref tables, change, at);
        _tables = tables;
        return outcome;
    }
}
