using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Remembers validated tokens, so that a read costs a look-up instead of a signature check.
/// </summary>
/// <remarks>
/// Only valid tokens come in: what a stranger makes up never takes a place. A look-up hashes the signature's
/// last characters (they are as good as random) and then compares the whole token, so that a hit can be
/// nothing but the very token that was validated. It takes no lock and allocates nothing. The tempting wrong
/// changes: a key of the signature alone (then header and payload could be anything), a digest of the token
/// (SHA-256 of 1,200 bytes: 950 ns, where a whole hit takes 64), and <c>MemoryCache</c> with the token as its
/// key (hashes all of it: 350 ns and more, and two bytes a letter).
///
/// Bounded by entries and by bytes. Who leaves: whoever was not asked for since the last time the hand came
/// by (second chance), oldest first. An entry ends at the instant at which the validator would refuse the
/// token, or after <see cref="AuthOptions.RevalidateAfter"/>, whichever comes first.
///
/// A flush also stops what is being validated at that moment from coming in afterwards with what it saw before:
/// an entry is added with the <see cref="Generation"/> that was read before its validation began.
///
/// An entry takes the token's length and less than <see cref="EntryOverheadBytes"/> bytes beside it: 1,642 bytes for
/// a person's token of 1,206 with three scopes, so 20,000 of them are 33 MB.
/// </remarks>
public sealed class TokenCache(AuthOptions options, TimeProvider clock)
{
    /// <summary>Entry, dictionary node, caller, access table, permission list: measured 440, and some room.</summary>
    public const int EntryOverheadBytes = 512;

    /// <summary>How many recently used entries are spared before one goes anyway; bounds an insertion.</summary>
    public const int SecondChancesMax = 16;

    private readonly ConcurrentDictionary<byte[], Entry> _entries = new(TokenComparer.Instance);
    private readonly Lock _gate = new();
    private Queue<Entry> _hand = new();
    private long _bytes;
    private int _generation;

    /// <summary>Changes with every flush.</summary>
    public int Generation => Volatile.Read(ref _generation);

    /// <summary>Whose tokens are remembered.</summary>
    public IEnumerable<Caller> Callers => _entries.Values.Select(entry => entry.Caller);

    /// <summary>How many tokens are remembered.</summary>
    public int Count => _entries.Count;

    /// <summary>What they take.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The caller of a remembered token.</summary>
    public bool TryFind(ReadOnlySpan<char> token, [NotNullWhen(true)] out Caller? caller)
    {
        if (
            _entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(token, out var entry)
            && clock.GetUtcNow() < entry.EndsAt
        )
        {
            if (!entry.WasUsed) // a write would take the line away from every other core
            {
                entry.WasUsed = true;
            }
            caller = entry.Caller;
            return true;
        }
        caller = null;
        return false;
    }

    /// <summary>Remembers a token that was validated while the generation was that one.</summary>
    public void Add(ReadOnlySpan<char> token, Caller caller, int generation)
    {
        var now = clock.GetUtcNow();
        var refusedAt = caller.ExpiresAt + options.ClockSkew;
        var revalidateAt = now + options.RevalidateAfter;
        var bytes = new byte[token.Length];
        if (Encoding.ASCII.GetBytes(token, bytes) != token.Length)
        {
            return;
        }
        var entry = new Entry(bytes, caller, refusedAt < revalidateAt ? refusedAt : revalidateAt);
        lock (_gate)
        {
            if (
                generation != _generation
                || entry.Cost > options.TokenCacheBytesMax
                || options.TokenCacheEntriesMax == 0
            )
            {
                return;
            }
            if (_entries.TryGetValue(bytes, out var before))
            {
                if (now < before.EndsAt)
                {
                    return; // another request validated the same token meanwhile
                }
                Remove(before);
            }
            DropEnded(now);
            MakeRoom(entry.Cost, now);
            _entries[bytes] = entry;
            _hand.Enqueue(entry);
            _bytes += entry.Cost;
        }
    }

    /// <summary>Forgets everything: a key was removed, a setting changed.</summary>
    public void Flush() => Flush(_ => true);

    /// <summary>Forgets the tokens of some callers.</summary>
    public void Flush(Func<Caller, bool> which)
    {
        lock (_gate)
        {
            Volatile.Write(ref _generation, _generation + 1);
            foreach (var entry in _entries.Values)
            {
                if (which(entry.Caller))
                {
                    Remove(entry);
                }
            }
            _hand = new(_hand.Where(entry => !entry.IsGone));
        }
    }

    // Entries end in about the order in which they came, so looking at the oldest alone keeps the rest short.
    private void DropEnded(DateTimeOffset now)
    {
        while (_hand.TryPeek(out var oldest) && (oldest.IsGone || oldest.EndsAt <= now))
        {
            Remove(_hand.Dequeue());
        }
    }

    private void MakeRoom(int cost, DateTimeOffset now)
    {
        var spared = 0;
        while (_entries.Count >= options.TokenCacheEntriesMax || _bytes + cost > options.TokenCacheBytesMax)
        {
            var oldest = _hand.Dequeue();
            if (oldest is { IsGone: false, WasUsed: true } && now < oldest.EndsAt && spared < SecondChancesMax)
            {
                spared++;
                oldest.WasUsed = false;
                _hand.Enqueue(oldest);
                continue;
            }
            Remove(oldest);
        }
    }

    private void Remove(Entry entry)
    {
        if (!entry.IsGone && _entries.TryRemove(entry.Token, out _))
        {
            entry.IsGone = true;
            _bytes -= entry.Cost;
        }
    }

    private sealed class Entry(byte[] token, Caller caller, DateTimeOffset endsAt)
    {
        public byte[] Token { get; } = token;
        public Caller Caller { get; } = caller;
        public DateTimeOffset EndsAt { get; } = endsAt;
        public int Cost => Token.Length + EntryOverheadBytes;
        public bool WasUsed { get; set; }
        public bool IsGone { get; set; }
    }
}
