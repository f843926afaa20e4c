using OpenPresence.Engine;

namespace OpenPresence.Server.Keys;

/// <summary>
/// When a signing key is made, published, used and forgotten: pure, told the instants.
/// </summary>
/// <remarks>
/// <code>
/// key 1  |== signs ==================================|-- verifies --|-- opens what it sealed --|  gone
/// key 2                     |-- published only ------|== signs ==================|-- …
///                           ^ made                   ^ signs      the last token of key 1 ends ^
/// </code>
/// <para>A validator that cached our key set must never meet a token of a key that it has not seen,
/// so a new key is published a while before it signs; and a token must stay verifiable until it
/// ends, so an old key is published until the last token it signed has ended. Nothing about a key
/// is stored but when it was made: all the rest follows from the keys before and after it, so that
/// a copied or restored directory means the same.</para>
/// <para>The tempting rule "the newest key signs" would break every validator with a cache on each
/// rotation.</para>
/// </remarks>
public static class SigningKeySchedule
{
    /// <summary>How long after a key the next one is made.</summary>
    public static readonly TimeSpan RotationPeriod = TimeSpan.FromDays(90);

    /// <summary>
    /// How long a key is published before it signs; longer than any validator caches a key set.
    /// </summary>
    public static readonly TimeSpan PublishedAhead = TimeSpan.FromDays(2);

    /// <summary>
    /// How long a key is published after it last signed: the longest token, and a skew.
    /// </summary>
    public static readonly TimeSpan PublishedAfter = TokenLimits.LifetimeMax + TokenLimits.ClockSkew;

    /// <summary>
    /// How long a key is kept after it last signed: what its nodes sealed with it, refresh tokens above all, is to be
    /// opened until it ends. No token is verified with it then.
    /// </summary>
    public static readonly TimeSpan KeptAfter = TokenLimits.SealedLifetimeMax + TokenLimits.ClockSkew;

    /// <summary>Whether another key has to be made now.</summary>
    /// <param name="madeAt">When the keys were made, oldest first.</param>
    /// <param name="now">The instant.</param>
    public static bool IsKeyDue(ReadOnlySpan<Instant> madeAt, Instant now) =>
        madeAt.IsEmpty || madeAt[^1] + RotationPeriod <= now;

    /// <summary>The index of the key that signs now; there must be a key.</summary>
    /// <param name="madeAt">When the keys were made, oldest first.</param>
    /// <param name="now">The instant.</param>
    public static int SigningIndex(ReadOnlySpan<Instant> madeAt, Instant now)
    {
        for (var i = madeAt.Length - 1; i > 0; i--)
        {
            if (SignsFrom(madeAt, i) <= now)
            {
                return i;
            }
        }

        return 0;
    }

    /// <summary>How many of the oldest keys last signed before a while.</summary>
    /// <param name="madeAt">When the keys were made, oldest first.</param>
    /// <param name="now">The instant.</param>
    /// <param name="after">How long ago they last signed at least: for as long they are needed.</param>
    public static int RetiredCount(ReadOnlySpan<Instant> madeAt, Instant now, TimeSpan after)
    {
        var count = 0;
        while (count + 1 < madeAt.Length && SignsFrom(madeAt, count + 1) + after <= now)
        {
            count++;
        }

        return count;
    }

    /// <summary>The oldest key signs at once: it has no key before it to wait for.</summary>
    private static Instant SignsFrom(ReadOnlySpan<Instant> madeAt, int index) =>
        index == 0 ? madeAt[0] : madeAt[index] + PublishedAhead;
}
