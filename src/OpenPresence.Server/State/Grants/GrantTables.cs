using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OpenPresence.Engine;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// Everything that is granted at one moment. A change makes a new one; see <see
/// cref="GrantState"/>.
/// </summary>
internal sealed record GrantTables
{
    public static GrantTables Empty { get; } = new();

    public ExpiringTable<IssuedCode> Codes { get; init; } = ExpiringTable<IssuedCode>.Empty;

    public ExpiringTable<IssuedDeviceCode> DeviceCodes { get; init; } = ExpiringTable<IssuedDeviceCode>.Empty;

    public ImmutableDictionary<SecretDigest, SecretDigest> DeviceCodeByUserCode { get; init; } = [];

    public ExpiringTable<IssuedRefreshToken> RefreshTokens { get; init; } = ExpiringTable<IssuedRefreshToken>.Empty;

    /// <summary>The grants that have refresh tokens.</summary>
    public ImmutableDictionary<Guid, RefreshableGrant> Grants { get; init; } = [];

    public GrantTables WithCode(SecretDigest key, IssuedCode code)
    {
        var tables = this;
        if (Codes.Count >= GrantLimits.CodesMax && !Codes.Contains(key))
        {
            Codes.TryGetFirst(out var first, out _);
            tables = this with { Codes = Codes.Without(first) };
        }

        return tables with
        {
            Codes = tables.Codes.With(key, code),
        };
    }

    public GrantTables WithDeviceCode(SecretDigest key, IssuedDeviceCode code)
    {
        var tables = this;
        if (DeviceCodes.Count >= GrantLimits.DeviceCodesMax && !DeviceCodes.Contains(key))
        {
            DeviceCodes.TryGetFirst(out var first, out var entry);
            tables = WithoutDeviceCode(first, entry!);
        }

        return tables with
        {
            DeviceCodes = tables.DeviceCodes.With(key, code),
            DeviceCodeByUserCode = tables.DeviceCodeByUserCode.SetItem(code.UserCode, key),
        };
    }

    /// <summary>The device code that a person's code belongs to, unless it has ended.</summary>
    public bool TryGetByUserCode(
        SecretDigest userCode,
        Instant at,
        out SecretDigest key,
        [NotNullWhen(true)] out IssuedDeviceCode? device
    )
    {
        device = null;
        return DeviceCodeByUserCode.TryGetValue(userCode, out key) && DeviceCodes.TryGet(key, at, out device);
    }

    private GrantTables WithoutDeviceCode(SecretDigest key, IssuedDeviceCode code) =>
        this with
        {
            DeviceCodes = DeviceCodes.Without(key),
            DeviceCodeByUserCode = DeviceCodeByUserCode.Remove(code.UserCode),
        };

    /// <summary>Adds a refresh token to a grant; the oldest goes when there are too many.</summary>
    public GrantTables WithRefreshToken(PersonGrant grant, SecretDigest key, IssuedRefreshToken token)
    {
        var tables = this;
        var tokens = Grants.GetValueOrDefault(grant.Id)?.Tokens ?? [];
        if (tokens.Length >= GrantLimits.RefreshTokensPerGrantMax)
        {
            tables = tables.WithoutRefreshToken(tokens[0]);
        }
        else if (RefreshTokens.Count >= GrantLimits.RefreshTokensMax)
        {
            RefreshTokens.TryGetFirst(out var first, out _);
            tables = tables.WithoutRefreshToken(first);
        }

        tokens = tables.Grants.GetValueOrDefault(grant.Id)?.Tokens ?? [];
        return tables with
        {
            RefreshTokens = tables.RefreshTokens.With(key, token),
            Grants = tables.Grants.SetItem(grant.Id, new(grant, tokens.Add(key))),
        };
    }

    private GrantTables WithoutRefreshToken(SecretDigest key)
    {
        if (!RefreshTokens.TryGet(key, new Instant(0), out var token))
        {
            return this;
        }

        var grant = Grants[token.GrantId];
        var rest = grant.Tokens.Remove(key);
        return this with
        {
            RefreshTokens = RefreshTokens.Without(key),
            Grants = rest.IsEmpty
                ? Grants.Remove(token.GrantId)
                : Grants.SetItem(token.GrantId, grant with { Tokens = rest }),
        };
    }

    /// <summary>Ends every refresh token of a grant.</summary>
    public GrantTables WithoutGrant(Guid grantId)
    {
        if (!Grants.TryGetValue(grantId, out var grant))
        {
            return this;
        }

        var tokens = grant.Tokens.Aggregate(RefreshTokens, (table, key) => table.Without(key));
        return this with { RefreshTokens = tokens, Grants = Grants.Remove(grantId) };
    }

    /// <summary>
    /// Drops what has ended, a bounded number at a time, so that no change pays for a long silence;
    /// what is left is ended all the same, because every look-up compares instants.
    /// </summary>
    public GrantTables Pruned(Instant at)
    {
        var tables = this;
        for (var i = 0; i < GrantLimits.PrunedPerChangeMax; i++)
        {
            if (tables.Codes.TryGetFirst(out var key, out var code) && code.ExpiresAt <= at)
            {
                tables = tables with { Codes = tables.Codes.Without(key) };
            }
            else if (tables.DeviceCodes.TryGetFirst(out key, out var device) && device.ExpiresAt <= at)
            {
                tables = tables.WithoutDeviceCode(key, device);
            }
            else if (tables.RefreshTokens.TryGetFirst(out key, out var token) && token.ExpiresAt <= at)
            {
                tables = tables.WithoutRefreshToken(key);
            }
            else
            {
                break;
            }
        }

        return tables;
    }
}
