using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// A pair in one byte, for rows and index entries. Any of the 9 × 17 combinations has a number, so
/// that a rule that shows a new pair needs no new table.
/// </summary>
public static class PairNumbers
{
    private const int Activities = (int)Activity.UrgentInterruptionsOnly + 1;

    /// <summary>One more than the highest number.</summary>
    public const int Count = ((int)Availability.Offline + 1) * Activities;

    /// <summary>The number of a pair.</summary>
    public static byte Of(PresencePair pair) => (byte)((int)pair.Availability * Activities + (int)pair.Activity);

    /// <summary>The pair of a number.</summary>
    public static PresencePair Pair(byte number) =>
        new((Availability)(number / Activities), (Activity)(number % Activities));
}
