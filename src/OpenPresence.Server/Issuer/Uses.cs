using OpenPresence.Engine;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// How often each of what clients show was used, until it ends: assertions, codes, refresh tokens. In memory, on each node for
/// itself: a restart forgets it.
/// </summary>
/// <param name="rememberedMax">
/// Beyond it, what ends first is forgotten, and of all that ends as early nobody can say whether it was used.
/// </param>
internal sealed class Uses(int rememberedMax)
{
    private readonly Lock _counting = new();
    private readonly Dictionary<string, Use> _uses = new(StringComparer.Ordinal);
    private readonly SortedSet<(Instant EndsAt, string Id)> _order = [];
    private Instant _forgottenUntil;

    /// <param name="Count">How many uses there were.</param>
    /// <param name="FirstAt">When the first was.</param>
    public readonly record struct Use(int Count, Instant FirstAt);

    /// <summary>Counts a use; null: whether it is the first cannot be said.</summary>
    public Use? Add(string id, Instant endsAt, Instant now)
    {
        lock (_counting)
        {
            Forget(now);
            if (!_uses.TryGetValue(id, out var use))
            {
                if (endsAt <= _forgottenUntil)
                {
                    return null;
                }

                _order.Add((endsAt, id));
                use = new(0, now);
            }

            return _uses[id] = use with { Count = use.Count + 1 };
        }
    }

    private void Forget(Instant now)
    {
        while (_order.Count > 0 && (_order.Min.EndsAt <= now || _order.Count >= rememberedMax))
        {
            var (endsAt, id) = _order.Min;
            _uses.Remove(id);
            _order.Remove((endsAt, id));
            _forgottenUntil = endsAt > _forgottenUntil ? endsAt : _forgottenUntil;
        }
    }
}
