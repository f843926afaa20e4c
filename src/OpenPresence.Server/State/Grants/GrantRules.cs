using OpenPresence.Engine;

namespace OpenPresence.Server.State.Grants;

/// <summary>What each change does to the tables, and what becomes of it: pure.</summary>
internal static class GrantRules
{
    public static GrantOutcome Apply(ref GrantTables tables, GrantChange change, Instant at) =>
        change switch
        {
            CodeIssued c => Issue(ref tables, c),
            CodeRedeemed c => Redeem(ref tables, c, at),
            DeviceCodeIssued c => Issue(ref tables, c),
            DeviceCodeApproved c => Decide(ref tables, c.UserCode, c.PersonId, at),
            DeviceCodeDenied c => Decide(ref tables, c.UserCode, null, at),
            DeviceCodeRedeemed c => Redeem(ref tables, c, at),
            RefreshTokenIssued c => Add(ref tables, c.Grant, c.Refresh),
            RefreshTokenRedeemed c => Redeem(ref tables, c, at),
            GrantsRevoked c => Revoke(ref tables, c),
            _ => throw new NotSupportedException($"No rule for {change.GetType().Name}."),
        };

    private static GrantOutcome Issue(ref GrantTables tables, CodeIssued change)
    {
        if (tables.Codes.Contains(change.Code))
        {
            return GrantOutcome.Duplicate;
        }

        tables = tables.WithCode(
            change.Code,
            new IssuedCode(change.Grant, change.RedirectUri, change.CodeChallenge, change.Nonce, change.ExpiresAt)
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
        if (tables.DeviceCodes.Contains(change.DeviceCode) || tables.DeviceCodeByUserCode.ContainsKey(change.UserCode))
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

    private static GrantOutcome Decide(ref GrantTables tables, SecretDigest userCode, Guid? approvedBy, Instant at)
    {
        if (!tables.TryGetByUserCode(userCode, at, out var key, out var device))
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

    private static GrantOutcome Redeem(ref GrantTables tables, DeviceCodeRedeemed change, Instant at)
    {
        if (!tables.DeviceCodes.TryGet(change.DeviceCode, at, out var device))
        {
            return GrantOutcome.Unknown;
        }

        if (device.Decision is not DeviceDecision.Approved)
        {
            return device.Decision is DeviceDecision.Denied ? GrantOutcome.Denied : GrantOutcome.Pending;
        }

        if (device.IsRedeemed)
        {
            tables = tables.WithoutGrant(device.GrantId);
            return GrantOutcome.AlreadyRedeemed;
        }

        tables = tables.WithDeviceCode(change.DeviceCode, device with { IsRedeemed = true });
        return Add(ref tables, device.Grant, change.Refresh);
    }

    private static GrantOutcome Redeem(ref GrantTables tables, RefreshTokenRedeemed change, Instant at)
    {
        if (!tables.RefreshTokens.TryGet(change.Token, at, out var token))
        {
            return GrantOutcome.Unknown;
        }

        var grant = tables.Grants[token.GrantId];
        if (token.RedeemedAt is { } redeemedAt && redeemedAt + GrantLimits.RefreshTokenReuseGrace <= at)
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
            RefreshTokens = tables.RefreshTokens.With(change.Token, token with { RedeemedAt = token.RedeemedAt ?? at }),
        };
        return Add(ref tables, grant.Grant, change.Successor);
    }

    private static GrantOutcome Revoke(ref GrantTables tables, GrantsRevoked change)
    {
        foreach (var (id, known) in tables.Grants)
        {
            if (
                (change.PersonId == Guid.Empty || change.PersonId == known.Grant.PersonId)
                && (change.ClientId == Guid.Empty || change.ClientId == known.Grant.ClientId)
            )
            {
                tables = tables.WithoutGrant(id);
            }
        }

        return GrantOutcome.Done;
    }

    private static GrantOutcome Add(ref GrantTables tables, PersonGrant grant, NewRefreshToken? refresh)
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
}
