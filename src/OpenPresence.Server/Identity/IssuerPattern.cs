namespace OpenPresence.Server.Identity;

/// <summary>
/// A value of <c>iss</c> that is accepted: literal text, with <c>{tenantid}</c> where the token's tenant
/// stands. A leading <c>*</c> stands for any scheme, host and port; only the built-in issuer has it, because
/// its tokens name whichever address the client came by, and because its key, not its name, proves them.
/// </summary>
internal readonly record struct IssuerPattern(string Text)
{
    private const string Hole = "{tenantid}";

    /// <summary>The built-in issuer's own, in versions 2.0 and 1.0.</summary>
    public const string AnyHostV2 = $"*/{Hole}/v2.0";
    public const string AnyHostV1 = $"*/{Hole}/";

    /// <summary>Whether it is that issuer; <paramref name="tenant"/> is what fills the hole, if there is one.</summary>
    public bool Matches(string issuer, out string? tenant)
    {
        tenant = null;
        var pattern = Text.AsSpan();
        var rest = issuer.AsSpan();
        if (pattern.StartsWith('*'))
        {
            if (!TryCutOrigin(issuer, out rest))
            {
                return false;
            }
            pattern = pattern[1..];
        }
        var hole = pattern.IndexOf(Hole);
        if (hole < 0)
        {
            return rest.SequenceEqual(pattern);
        }
        var before = pattern[..hole];
        var after = pattern[(hole + Hole.Length)..];
        if (rest.Length < before.Length + after.Length || !rest.StartsWith(before) || !rest.EndsWith(after))
        {
            return false;
        }
        // Only a GUID fills the hole, so that the text around it cannot be stretched to another path or host.
        var middle = rest[before.Length..^after.Length];
        if (!Guid.TryParseExact(middle, "D", out _))
        {
            return false;
        }
        tenant = middle.ToString();
        return true;
    }

    private static bool TryCutOrigin(string issuer, out ReadOnlySpan<char> path)
    {
        path = default;
        foreach (var scheme in (ReadOnlySpan<string>)["https://", "http://"])
        {
            if (issuer.StartsWith(scheme, StringComparison.Ordinal))
            {
                var slash = issuer.IndexOf('/', scheme.Length);
                path = slash > scheme.Length ? issuer.AsSpan(slash) : default;
                return slash > scheme.Length;
            }
        }
        return false;
    }
}
