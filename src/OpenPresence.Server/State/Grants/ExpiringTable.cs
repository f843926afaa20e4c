using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using OpenPresence.Engine;

namespace OpenPresence.Server.State.Grants;

/// <summary>
/// An immutable table of things that end, with the next to end at hand. Immutable, so that a reader
/// or a snapshot holds one exact moment without stopping the writer.
/// </summary>
internal sealed class ExpiringTable<T>
    where T : class, IExpiring
{
    private readonly ImmutableDictionary<SecretDigest, T> _entries;
    private readonly ImmutableSortedSet<(Instant ExpiresAt, SecretDigest Key)> _order;

    private ExpiringTable(
        ImmutableDictionary<SecretDigest, T> entries,
        ImmutableSortedSet<(Instant ExpiresAt, SecretDigest Key)> order
    ) => (_entries, _order) = (entries, order);

    public static ExpiringTable<T> Empty { get; } = new([], []);

    public int Count => _entries.Count;

    /// <summary>In the order of the keys, which is the same on every node.</summary>
    public IEnumerable<KeyValuePair<SecretDigest, T>> InOrder => _entries.OrderBy(e => e.Key);

    public bool Contains(SecretDigest key) => _entries.ContainsKey(key);

    /// <summary>The entry, unless it has ended.</summary>
    public bool TryGet(SecretDigest key, Instant at, [NotNullWhen(true)] out T? entry) =>
        _entries.TryGetValue(key, out entry) && entry.ExpiresAt > at;

    /// <summary>The entry that ends first.</summary>
    public bool TryGetFirst(out SecretDigest key, [NotNullWhen(true)] out T? entry)
    {
        key = default;
        entry = null;
        if (_order.IsEmpty)
        {
            return false;
        }

        key = _order.Min.Key;
        entry = _entries[key];
        return true;
    }

    /// <summary>Adds an entry, or puts it in another's place.</summary>
    public ExpiringTable<T> With(SecretDigest key, T entry)
    {
        var order = _order;
        if (_entries.TryGetValue(key, out var before))
        {
            order = order.Remove((before.ExpiresAt, key));
        }

        return new(_entries.SetItem(key, entry), order.Add((entry.ExpiresAt, key)));
    }

    public ExpiringTable<T> Without(SecretDigest key) =>
        _entries.TryGetValue(key, out var before)
            ? new(_entries.Remove(key), _order.Remove((before.ExpiresAt, key)))
            : this;
}
