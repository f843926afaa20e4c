using OpenPresence.Engine;

namespace OpenPresence.Server.Replica;

/// <summary>The duties of a node that is the only one: everything, from the start to the end.</summary>
public sealed class AllDuties : IDuties
{
    /// <inheritdoc />
    public bool Ticks => true;

    /// <inheritdoc />
    public int RulesKnown => Rules.NewestVersion;

    /// <inheritdoc />
    public int Nodes => 1;

    /// <inheritdoc />
    public Action? Changed { get; set; }

    /// <inheritdoc />
    public Func<IReadOnlyList<int>, Task>? GivingUp { get; set; }

    /// <inheritdoc />
    public long TermOf(int partition) => 1;

    /// <inheritdoc />
    public bool IsSure => true;

    /// <inheritdoc />
    public ValueTask DisposeAsync() => default;
}
