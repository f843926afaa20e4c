using System.Collections.Frozen;
using System.Collections.Immutable;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Identity;

/// <summary>
/// One issuer whose tokens are accepted, ready to judge them. The built-in issuer is one like the others,
/// with its own keys; what it may do more is visible here: any tenant of the directory, any host in
/// <c>iss</c> (see <see cref="IssuerPattern"/>), our own hosts in <c>aud</c>. What it may do less: its
/// applications must be in the directory, because there is no other register of them.
/// </summary>
public sealed class TrustedIssuer
{
    private TrustedIssuer(IEnumerable<string> patterns, ClaimNames claims)
    {
        Patterns = [.. patterns.Select(text => new IssuerPattern(text))];
        Claims = new(claims);
    }

    /// <summary>What logs call it.</summary>
    public required string Name { get; init; }

    /// <summary>Where its keys come from.</summary>
    public required IVerificationKeys Keys { get; init; }

    /// <summary>Which tokens mean this server.</summary>
    public required Audiences Audiences { get; init; }

    internal ImmutableArray<IssuerPattern> Patterns { get; }

    internal ClaimPaths Claims { get; }

    /// <summary>The tenant of all its tokens; null: they say it.</summary>
    internal Guid? FixedTenant { get; init; }

    /// <summary>The tenants that it may speak for; null: all of the directory.</summary>
    internal FrozenSet<Guid>? Tenants { get; init; }

    internal UnknownPerson UnknownPerson { get; init; }

    internal bool ApplicationMustBeKnown { get; init; }

    internal bool IsBuiltIn { get; private init; }

    /// <summary>The issuer that this program carries.</summary>
    /// <param name="keys">Its signing keys.</param>
    /// <param name="ownHosts">Every host name that this server is reached by, without ports.</param>
    public static TrustedIssuer BuiltIn(IVerificationKeys keys, IEnumerable<string> ownHosts) =>
        new([IssuerPattern.AnyHostV2, IssuerPattern.AnyHostV1], new ClaimNames())
        {
            Name = "built-in",
            Keys = keys,
            Audiences = new(Audiences.Graph, ownHosts),
            ApplicationMustBeKnown = true,
            IsBuiltIn = true,
        };

    /// <summary>An issuer of the settings, which were checked before.</summary>
    public static TrustedIssuer External(TrustedIssuerOptions options, IVerificationKeys keys) =>
        new(PatternsOf(options), options.Claims)
        {
            Name = options.Name,
            Keys = keys,
            Audiences = new(options.Audiences, []),
            FixedTenant = options.FixedTenant,
            Tenants = options.FixedTenant is { } only ? [only] : options.Tenants.ToFrozenSet(),
            UnknownPerson = options.UnknownPerson,
            ApplicationMustBeKnown = options.ApplicationMustBeKnown,
        };

    internal static IReadOnlyList<string> PatternsOf(TrustedIssuerOptions options) =>
        [options.Authority, .. options.Issuers];

    internal bool Matches(string issuer, out string? tenant)
    {
        foreach (var pattern in Patterns)
        {
            if (pattern.Matches(issuer, out tenant))
            {
                return true;
            }
        }
        tenant = null;
        return false;
    }
}
