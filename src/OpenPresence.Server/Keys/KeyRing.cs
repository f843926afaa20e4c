using System.Collections.Immutable;
using OpenPresence.Engine;

namespace OpenPresence.Server.Keys;

/// <summary>The signing keys at one moment, and which of them may sign.</summary>
internal sealed class KeyRing
{
    private readonly ImmutableArray<SigningKey> _signers;
    private readonly Instant[] _madeAt;
    private readonly Instant[] _signersMadeAt;

    /// <param name="keys">Oldest first.</param>
    /// <param name="everybodys">The names of those that all nodes have; null: there are no other nodes.</param>
    public KeyRing(ImmutableArray<SigningKey> keys, IReadOnlySet<string>? everybodys)
    {
        Keys = keys;
        _signers = everybodys is null ? keys : [.. keys.Where(key => everybodys.Contains(key.Name))];
        _signers = _signers.IsEmpty ? keys : _signers;
        _madeAt = [.. keys.Select(key => key.MadeAt)];
        _signersMadeAt = [.. _signers.Select(key => key.MadeAt)];
    }

    /// <summary>All of them, oldest first.</summary>
    public ImmutableArray<SigningKey> Keys { get; }

    /// <summary>Whether another key has to be made.</summary>
    public bool IsKeyDue(Instant now) => SigningKeySchedule.IsKeyDue(_madeAt, now);

    /// <summary>The one that signs; there must be a key.</summary>
    public SigningKey SignerAt(Instant now) => _signers[SigningKeySchedule.SigningIndex(_signersMadeAt, now)];

    /// <summary>Whether an older key than it should be signs, because not all nodes have the newer one.</summary>
    public bool IsHeldBackAt(Instant now) =>
        !Keys.IsEmpty && SignerAt(now) != Keys[SigningKeySchedule.SigningIndex(_madeAt, now)];

    /// <summary>How many of the oldest last signed before a while, if all signed when they should.</summary>
    public int RetiredCountAt(Instant now, TimeSpan after) => SigningKeySchedule.RetiredCount(_madeAt, now, after);
}
