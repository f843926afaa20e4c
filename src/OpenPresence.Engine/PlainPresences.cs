namespace OpenPresence.Engine;

/// <summary>
/// Presences that are nothing but a pair, one shared instance for each pair and rule: nearly everybody's
/// presence nearly always, so a write of those costs no allocation here.
/// </summary>
internal static class PlainPresences
{
    private static readonly Presence[] Instances = Make();

    /// <summary>The shared instance.</summary>
    internal static Presence Of(PresencePair pair, MergeRule rule) =>
        Instances[PairTable.IndexOf(pair) * RuleTable.Count + (int)rule];

    // Stryker disable once all : made once in a process, and Stryker keeps its process (CONTRIBUTING.md)
    private static Presence[] Make()
    {
        var instances = new Presence[PairTable.IndexCount * RuleTable.Count];
        for (var index = 0; index < instances.Length; index++)
        {
            instances[index] = new Presence(
                PairTable.PairAt(index / RuleTable.Count),
                (MergeRule)(index % RuleTable.Count),
                false,
                null,
                null,
                WorkLocation.None
            );
        }
        return instances;
    }
}
