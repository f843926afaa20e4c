using OpenPresence.Engine;

namespace OpenPresence.Server.Auth.Issuer.Grants;

/// <summary>
/// What people granted to applications: codes, device codes, refresh tokens. A deterministic state machine like the board: the
/// journal's entries go through <see cref="Apply"/> in order, and two states that saw the same ones are equal.
/// </summary>
/// <remarks>
/// <para>"It was redeemed before" is decided here, as a change is applied, and nowhere else: between a look and an append another
/// node may have redeemed the same code. So an endpoint looks (to check PKCE, the redirect URI, the client: things of a code that never
/// change), appends, and believes only the outcome. The tempting shortcut, to answer from the look alone when it shows
/// a redeemed code, would leave out the revocation that a second use must bring about.</para>
/// <para>A second use of a code or a refresh token means that two parties have it, and one of them stole it; nobody
/// knows which, so the whole grant ends (RFC 6749 4.1.2, RFC 9700 4.14.2). For refresh tokens a short grace lets a client
/// that lost the answer, or two processes over one token cache, go on.</para>
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
        TryGetByUserCode(_tables, userCode, now, out _, out var found) ? found : null;

    /// <summary>What a refresh token stands for, unless it has ended; of a redeemed one too.</summary>
    public PersonGrant? FindRefreshToken(SecretDigest token, Instant now)
    {
        var tables = _tables;
        return tables.RefreshTokens.TryGet(token, now, out var found)
            ? tables.Grants[found.GrantId].Grant
            : null;
    }

    /// <summary>The state at this moment, exact whatever is applied afterwards.</summary>
    public GrantCut Cut() => new(_tables);

    /// <summary>Applies one change; everything but Done and AlreadyRedeemed changes nothing but what has ended.</summary>
    public GrantOutcome Apply(GrantChange change, Instant at)
    {
        var tables = _tables.Pruned(at);
        var outcome = change switch
        {
            CodeIssued c => Issue(ref tables, c),
            CodeRedeemed c => Redeem(ref tables, c, at),
            DeviceCodeIssued c => Issue(ref tables, c),
            DeviceCodeApproved c => Decide(ref tables, c.UserCode, c.PersonId, at),
            DeviceCodeDenied c => Decide(ref tables, c.UserCode, null, at),
            DeviceCodeRedeemed c => Redeem(ref tables, c, at),
            RefreshTokenIssued c => Add(ref tables, c.Grant, c.Refresh),
            RefreshTokenRedeemed c => Redeem(ref tables, c, at),
            _ => throw new NotSupportedException($"No rule for {change.GetType().Name}."),
        };
        _tables = tables;
        return outcome;
    }

    private static GrantOutcome Issue(ref GrantTables tables, CodeIssued change)
    {
        if (tables.Codes.Contains(change.Code))
        {
            return GrantOutcome.Duplicate;
        }

        tables = tables.WithCode(
            change.Code,
            new IssuedCode(
                change.Grant,
                change.RedirectUri,
                change.CodeChallenge,
                change.Nonce,
                change.ExpiresAt
            )
        );
        return GrantOutcome.Done;
    }

    private static GrantOutcome Redeem(ref GrantTables tables, CodeRedeemed change, Instant at)
    {
        if (!tables.Codes.TryGet(change.Code, at, out var code))
        {
            return GrantOutcome.Unknown;
        }

        if (code.IsRedeemed)
        {
            tables = tables.WithoutGrant(code.Grant.Id);
            return GrantOutcome.AlreadyRedeemed;
        }

        tables = tables.WithCode(change.Code, code with { IsRedeemed = true });
        return Add(ref tables, code.Grant, change.Refresh);
    }

    private static GrantOutcome Issue(ref GrantTables tables, DeviceCodeIssued change)
    {
        if (
            tables.DeviceCodes.Contains(change.DeviceCode)
            || tables.DeviceCodeByUserCode.ContainsKey(change.UserCode)
        )
        {
            return GrantOutcome.Duplicate;
        }

        tables = tables.WithDeviceCode(
            change.DeviceCode,
            new IssuedDeviceCode(
                change.UserCode,
                change.GrantId,
                change.ClientId,
                change.TenantId,
                change.Scope,
                change.ExpiresAt
            )
        );
        return GrantOutcome.Done;
    }

    private static GrantOutcome Decide(
        ref GrantTables tables,
        SecretDigest userCode,
        Guid? approvedBy,
        Instant at
    )
    {
        if (!TryGetByUserCode(tables, userCode, at, out var key, out var device))
        {
            return GrantOutcome.Unknown;
        }

        if (device.Decision is not DeviceDecision.Pending)
        {
            return GrantOutcome.AlreadyDecided;
        }

        tables = tables.WithDeviceCode(
            key,
            device with
            {
                Decision = approvedBy is null ? DeviceDecision.Denied : DeviceDecision.Approved,
                PersonId = approvedBy ?? default,
            }
        );
        return GrantOutcome.Done;
    }

    private static GrantOutcome Redeem(
        ref GrantTables tables,
        DeviceCodeRedeemed change,
        Instant at
    )
    {
        if (!tables.DeviceCodes.TryGet(change.DeviceCode, at, out var device))
        {
            return GrantOutcome.Unknown;
        }

        if (device.Decision is not DeviceDecision.Approved)
        {
            return device.Decision is DeviceDecision.Denied
                ? GrantOutcome.Denied
                : GrantOutcome.Pending;
        }

        if (device.IsRedeemed)
        {
            tables = tables.WithoutGrant(device.GrantId);
            return GrantOutcome.AlreadyRedeemed;
        }

        tables = tables.WithDeviceCode(change.DeviceCode, device with { IsRedeemed = true });
        return Add(ref tables, device.Grant, change.Refresh);
    }

    private static GrantOutcome Redeem(
        ref GrantTables tables,
        RefreshTokenRedeemed change,
        Instant at
    )
    {
        if (!tables.RefreshTokens.TryGet(change.Token, at, out var token))
        {
            return GrantOutcome.Unknown;
        }

        var grant = tables.Grants[token.GrantId];
        if (
            token.RedeemedAt is { } redeemedAt
            && redeemedAt + IssuerLimits.RefreshTokenReuseGrace <= at
        )
        {
            tables = tables.WithoutGrant(token.GrantId);
            return GrantOutcome.AlreadyRedeemed;
        }

        if (tables.RefreshTokens.Contains(change.Successor.Token))
        {
            return GrantOutcome.Duplicate;
        }

        tables = tables with
        {
            RefreshTokens = tables.RefreshTokens.With(
                change.Token,
                token with
                {
                    RedeemedAt = token.RedeemedAt ?? at,
                }
            ),
        };
        return Add(ref tables, grant.Grant, change.Successor);
    }

    private static GrantOutcome Add(
        ref GrantTables tables,
        PersonGrant grant,
        NewRefreshToken? refresh
    )
    {
        if (refresh is null)
        {
            return GrantOutcome.Done;
        }

        if (tables.RefreshTokens.Contains(refresh.Token))
        {
            return GrantOutcome.Duplicate;
        }

        tables = tables.WithRefreshToken(grant, refresh.Token, new(grant.Id, refresh.ExpiresAt));
        return GrantOutcome.Done;
    }

    private static bool TryGetByUserCode(
        GrantTables tables,
        SecretDigest userCode,
        Instant at,
        out SecretDigest key,
        [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IssuedDeviceCode? device
    )
    {
        device = null;
        return tables.DeviceCodeByUserCode.TryGetValue(userCode, out key)
            && tables.DeviceCodes.TryGet(key, at, out device);
    }
}
