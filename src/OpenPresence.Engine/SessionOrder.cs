using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// Which of a person's sessions is shown: the pair of the highest rank in <see cref="PairTable"/>; at equal
/// pairs the one that was set last, and of two set at the same instant the one with the lower key.
/// </summary>
internal static class SessionOrder
{
    /// <summary>The number of the session that is shown; -1: none is alive.</summary>
    internal static int MostSignificant(ImmutableArray<Session> sessions, Instant at, out PresencePair shown)
    {
        var winner = -1;
        var winnerRank = 0;
        shown = default;
        for (var index = 0; index < sessions.Length; index++)
        {
            ref readonly var session = ref sessions.ItemRef(index);
            if (session.ExpiresAt <= at)
            {
                continue;
            }
            var pair = Fading.Shown(session, at);
            var rank = PairTable.RankOf(pair);
            if (
                winner < 0
                || rank > winnerRank
                || (rank == winnerRank && session.SetAt > sessions.ItemRef(winner).SetAt)
            )
            {
                (winner, winnerRank, shown) = (index, rank, pair);
            }
        }
        return winner;
    }

    /// <summary>
    /// Where a session stands, or would stand, among others: ordered by key as its text reads (so by its
    /// bytes from the first to the last), and of one key the application before the device. The complement
    /// of the place when it is absent, as a binary search gives it.
    /// </summary>
    internal static int Find(ImmutableArray<Session> sessions, SessionKind kind, Guid key)
    {
        for (var index = 0; index < sessions.Length; index++)
        {
            ref readonly var session = ref sessions.ItemRef(index);
            // Guid compares its fields as unsigned numbers, which is the order of its text.
            var order = session.Key.CompareTo(key);
            order = order != 0 ? order : session.Kind.CompareTo(kind);
            if (order >= 0)
            {
                return order == 0 ? index : ~index;
            }
        }
        return ~sessions.Length;
    }
}
