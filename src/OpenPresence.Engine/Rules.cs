namespace OpenPresence.Engine;

/// <summary>
/// The rules of presence, pure: the same record, command, instant and version give the same outcome on
/// every node, for ever.
/// </summary>
public sealed class Rules
{
    /// <summary>The newest version that this program knows.</summary>
    public const int NewestVersion = 1;

    private static readonly Rules First = new(1);

    private Rules(int version) => Version = version;

    /// <summary>The version that an ActivateRules entry names.</summary>
    public int Version { get; }

    /// <summary>The rules of one version.</summary>
    /// <param name="version">1 to <see cref="NewestVersion"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">This program does not know the version.</exception>
    public static Rules OfVersion(int version)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(version, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(version, NewestVersion);
        return First;
    }

    /// <summary>
    /// What a reader sees of <paramref name="record"/> at <paramref name="at"/>; the same whether or not the
    /// record was pruned. Plain presences are shared instances.
    /// </summary>
    public Presence Merge(PresenceRecord record, Instant at) => View.Of(record, at).ToPresence();

    /// <summary>
    /// The first instant after <paramref name="at"/> at which the merged presence, or the record once what
    /// has ended is dropped, differs by itself; null: never.
    /// </summary>
    public Instant? NextChangeAt(PresenceRecord record, Instant at) => NextChange.After(record, at);

    /// <summary>The record without what has ended by <paramref name="at"/>; the same instance when nothing has.</summary>
    public PresenceRecord Prune(PresenceRecord record, Instant at) => Pruning.Prune(record, at);

    /// <summary>
    /// What <paramref name="command"/> makes of <paramref name="record"/>, pruned, at <paramref name="at"/>.
    /// A command that is not done leaves the pruned record.
    /// </summary>
    public Decision Decide(PresenceRecord record, PresenceCommand command, Instant at) =>
        Deciding.Decide(Pruning.Prune(record, at), command, at);

    /// <summary>
    /// Why <paramref name="record"/> shows what it shows at <paramref name="at"/>: every layer that has a
    /// say, which one won by which rule, and what comes next.
    /// </summary>
    public Explanation Explain(PresenceRecord record, Instant at) => Explaining.Explain(record, at);
}
