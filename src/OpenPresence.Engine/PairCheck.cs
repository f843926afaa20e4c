namespace OpenPresence.Engine;

/// <summary>Why a pair is refused. Flags: two unknown names are two problems, and both are reported.</summary>
[Flags]
public enum PairFaults : byte
{
    /// <summary>The pair is allowed.</summary>
    None = 0,

    /// <summary>The availability is not the name of one.</summary>
    UnknownAvailability = 1,

    /// <summary>The activity is not the name of one.</summary>
    UnknownActivity = 2,

    /// <summary>Both are names, but the operation does not take them together.</summary>
    NotAllowed = 4,
}

/// <summary>Reads a pair from its two names and says why one is refused.</summary>
public static class PairCheck
{
    /// <summary>The pair that two names mean, and whether it may be used so.</summary>
    /// <param name="availability">The name of the availability, in any letter case.</param>
    /// <param name="activity">The name of the activity, in any letter case.</param>
    /// <param name="use">One use: <see cref="PairUses.Set"/>, <see cref="PairUses.Prefer"/> or
    /// <see cref="PairUses.Read"/> (what a device may report).</param>
    /// <param name="pair">The pair; meaningless while a name is unknown.</param>
    /// <returns>Every fault; none: the pair is allowed.</returns>
    public static PairFaults Check(
        ReadOnlySpan<char> availability,
        ReadOnlySpan<char> activity,
        PairUses use,
        out PresencePair pair
    )
    {
        var faults = PairFaults.None;
        if (!PairNames.TryParse(availability, out Availability knownAvailability))
        {
            // Stryker disable once Assignment : the flag is not set yet, so exclusive or sets it as well
            faults |= PairFaults.UnknownAvailability;
        }
        if (!PairNames.TryParse(activity, out Activity knownActivity))
        {
            // Stryker disable once Assignment : as above
            faults |= PairFaults.UnknownActivity;
        }
        pair = new PresencePair(knownAvailability, knownActivity);
        return faults == PairFaults.None && !PairTable.UsesOf(pair).HasFlag(use) ? PairFaults.NotAllowed : faults;
    }

    /// <summary>The pairs that may be used so, as a sentence lists them: <c>Busy/InACall, Away/Away</c>.</summary>
    public static string Allowed(PairUses use) =>
        string.Join(", ", PairTable.Rows.Where(row => row.Uses.HasFlag(use)).Select(row => row.Pair));
}
