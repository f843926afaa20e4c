using System.Collections.Immutable;
using System.Text.Json;

namespace OpenPresence.Server.Identity;

/// <summary>Where a claim stands in the payload: a member, or a member of a member.</summary>
internal readonly record struct ClaimPath(ImmutableArray<string> Segments)
{
    /// <summary>The places that a setting names, in the order in which they count.</summary>
    public static ImmutableArray<ClaimPath> ParseAll(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public bool TryFind(JsonElement payload, out JsonElement claim)
    {
        claim = payload;
        foreach (var segment in Segments)
        {
            if (claim.ValueKind is not JsonValueKind.Object || !claim.TryGetProperty(segment, out claim))
            {
                return false;
            }
        }
        return true;
    }

    // RFC 6901: ~1 is a slash, ~0 a tilde, in this order.
    private static ClaimPath Parse(string name) =>
        name.StartsWith('/')
            ? new([
                .. name[1..]
                    .Split('/')
                    .Select(s =>
                        s.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal)
                    ),
            ])
            : new([name]);
}

/// <summary><see cref="ClaimNames"/>, parsed once.</summary>
internal sealed class ClaimPaths(ClaimNames names)
{
    public ImmutableArray<ClaimPath> Tenant { get; } = ClaimPath.ParseAll(names.Tenant);
    public ImmutableArray<ClaimPath> User { get; } = ClaimPath.ParseAll(names.User);
    public ImmutableArray<ClaimPath> UserPrincipalName { get; } = ClaimPath.ParseAll(names.UserPrincipalName);
    public ImmutableArray<ClaimPath> Application { get; } = ClaimPath.ParseAll(names.Application);
    public ImmutableArray<ClaimPath> Scopes { get; } = ClaimPath.ParseAll(names.Scopes);
    public ImmutableArray<ClaimPath> Roles { get; } = ClaimPath.ParseAll(names.Roles);
    public ImmutableArray<ClaimPath> TokenKind { get; } = ClaimPath.ParseAll(names.TokenKind);
    public ImmutableArray<ClaimPath> ApplicationOnly { get; } = ClaimPath.ParseAll(names.ApplicationOnly);
    public ImmutableArray<ClaimPath> IdentityProvider { get; } = ClaimPath.ParseAll(names.IdentityProvider);
}
