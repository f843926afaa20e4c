namespace OpenPresence.Engine;

/// <summary>
/// The rules of presence, pure: the same record, command, instant and version give the same outcome on
/// every node, for ever.
/// </summary>
public sealed class Rules
{
    /// <summary>The newest version that this program knows.</summary>
    public const int NewestVersion = 1;

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
        return new Rules(version);
    }

    /// <summary>What a reader sees of <paramref name="record"/> at <paramref name="at"/>.</summary>
    public Presence Merge(PresenceRecord record, Instant at) => throw new NotSupportedException();

    /// <summary>
    /// The first instant after <paramref name="at"/> at which the merged presence, or the record once what
    /// has ended is dropped, differs by itself; null: never.
    /// </summary>
    public Instant? NextChangeAt(PresenceRecord record, Instant at) =>
        throw new NotSupportedException();

    /// <summary>The record without what has ended by <paramref name="at"/>; the same instance when nothing has.</summary>
    public PresenceRecord Prune(PresenceRecord record, Instant at) =>
        throw new NotSupportedException();

    /// <summary>What <paramref name="command"/> makes of <paramref name="record"/>, pruned, at <paramref name="at"/>.</summary>
    public Decision Decide(PresenceRecord record, PresenceCommand command, Instant at) =>
        throw new NotSupportedException();
}
