namespace OpenPresence.Server.Identity;

/// <summary>
/// Checks the settings before the start: every fault at once, each with its place, never a guess. What is
/// refused here is what would otherwise open the door quietly: an issuer without an audience, an issuer that
/// may speak for every tenant, a provider whose keys come over a line that anybody can write on.
/// </summary>
public static class AuthOptionsFaults
{
    /// <summary>More trusted issuers than anybody has; each may cost a token a comparison.</summary>
    public const int TrustedIssuersMax = 20;

    /// <summary>Every fault of the settings; none: they are good.</summary>
    public static IReadOnlyList<string> Of(AuthOptions options)
    {
        var faults = new List<string>();
        Range(options.ClockSkew, TimeSpan.Zero, TimeSpan.FromMinutes(5), "ClockSkew");
        Range(options.TokenBytesMax, 1024, 32 * 1024, "TokenBytesMax");
        Range(options.TokenCacheEntriesMax, 0, 1_000_000, "TokenCacheEntriesMax");
        Range(options.TokenCacheBytesMax, 0, 4L << 30, "TokenCacheBytesMax");
        Range(options.RevalidateAfter, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1), "RevalidateAfter");
        Range(options.TrustedIssuers.Count, 0, TrustedIssuersMax, "TrustedIssuers");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var patterns = new HashSet<string>(StringComparer.Ordinal);
        for (var index = 0; index < options.TrustedIssuers.Count; index++)
        {
            var issuer = options.TrustedIssuers[index];
            var place = $"Auth:TrustedIssuers:{index}";
            faults.AddRange(Of(issuer).Select(fault => $"{place}:{fault}"));
            if (!names.Add(issuer.Name)) // the ids of its applications come from it
            {
                faults.Add($"{place}:Name: {issuer.Name} is taken.");
            }
            faults.AddRange(
                TrustedIssuer
                    .PatternsOf(issuer)
                    .Where(pattern => !patterns.Add(pattern))
                    .Select(pattern => $"{place}:Issuers: {pattern} is trusted twice.")
            );
        }
        return faults;

        void Range<T>(T value, T least, T most, string name)
            where T : IComparable<T>
        {
            if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            {
                faults.Add($"Auth:{name}: {value} is not between {least} and {most}.");
            }
        }
    }

    private static IEnumerable<string> Of(TrustedIssuerOptions issuer)
    {
        if (issuer.Name.Length == 0)
        {
            yield return "Name: is missing.";
        }
        if (
            !Uri.TryCreate(issuer.Authority, UriKind.Absolute, out var authority)
            || !OidcProvider.IsSafe(authority)
            || authority.Query.Length > 0
        )
        {
            yield return "Authority: must be an https address (http only on a loopback host).";
        }
        if (issuer.Issuers.Any(pattern => pattern.Contains('*')))
        {
            yield return "Issuers: takes {tenantid}, but no other wildcard.";
        }
        if (issuer.Audiences.Count == 0)
        {
            yield return "Audiences: name a value of aud that means this server.";
        }
        if (issuer.FixedTenant is null == (issuer.Tenants.Count == 0))
        {
            yield return "Tenants: name those that it may speak for, or else one FixedTenant.";
        }
        foreach (var (name, value) in Required(issuer.Claims))
        {
            if (string.IsNullOrWhiteSpace(value))
            {
                yield return $"Claims:{name}: is empty.";
            }
        }
    }

    private static IEnumerable<(string Name, string Value)> Required(ClaimNames claims) =>
        [
            (nameof(claims.Tenant), claims.Tenant),
            (nameof(claims.User), claims.User),
            (nameof(claims.UserPrincipalName), claims.UserPrincipalName),
            (nameof(claims.Application), claims.Application),
            (nameof(claims.Scopes), claims.Scopes),
            (nameof(claims.Roles), claims.Roles),
        ];
}
