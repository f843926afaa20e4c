using OpenPresence.Engine;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// How often each client assertion was used, by its <c>jti</c>, until it ends.
/// </summary>
/// <remarks>
/// RFC 7523 would have each used once. Real clients use one again and again: msal-node keeps an
/// assertion until it expires, and workload identities send one file for hours; Entra ID lets them.
/// So a replay is bounded, by number and by lifetime, and not forbidden. In memory and not in the
/// journal: the bound is against runaway and mischief, and losing the count in a restart loses
/// nothing.
/// </remarks>
internal sealed class AssertionUses
{
    private readonly Lock _counting = new();
    private readonly Dictionary<SecretDigest, int> _uses = [];
    private readonly SortedSet<(Instant EndsAt, SecretDigest Key)> _order = [];

    /// <summary>Counts a use; false: there were too many.</summary>
    public bool TryUse(SecretDigest assertion, Instant endsAt, Instant now)
    {
        lock (_counting)
        {
            while (
                _order.Count > 0 && (_order.Min.EndsAt <= now || _order.Count > IssuerLimits.AssertionsRememberedMax)
            )
            {
                _uses.Remove(_order.Min.Key);
                _order.Remove(_order.Min);
            }

            if (!_uses.TryGetValue(assertion, out var count))
            {
                _order.Add((endsAt, assertion));
            }

            _uses[assertion] = count + 1;
            return count < IssuerLimits.AssertionUsesMax;
        }
    }
}
