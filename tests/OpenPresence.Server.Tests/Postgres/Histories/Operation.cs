namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>What a client did to one person's presence, and what it learned: a line of a history.</summary>
/// <param name="Client">Does one thing after the other.</param>
/// <param name="Node">Whom it asked.</param>
/// <param name="Person">Whose presence: the register.</param>
/// <param name="IsWrite">Whether it wrote; otherwise it read.</param>
/// <param name="Value">What it wrote or read; <see cref="Nothing"/> when a session was ended or none is there.</param>
/// <param name="InvokedAt">When it began, by one clock for all clients.</param>
/// <param name="CompletedAt">
/// When the answer came; <see cref="Never"/> when none did that says that it was done: then a write may take effect at
/// any time from its beginning on, or not at all.
/// </param>
internal sealed record Operation(
    int Client,
    string Node,
    string Person,
    bool IsWrite,
    string Value,
    TimeSpan InvokedAt,
    TimeSpan CompletedAt
)
{
    /// <summary>What is read when nobody wrote, when it was cleared, and when it expired.</summary>
    public const string Nothing = "";

    public static readonly TimeSpan Never = TimeSpan.MaxValue;

    /// <summary>
    /// Of a read, the version that it saw; of a write, its place in the order of everything; null: its answer named none.
    /// Upper-case hexadecimal of constant width, so it compares as text.
    /// </summary>
    public string? Sequence { get; init; }

    /// <summary>Of a read: the version that it asked to wait for, on whichever node.</summary>
    public string? After { get; init; }

    /// <summary>Of a write: after so long it is gone by itself.</summary>
    public TimeSpan? LivesFor { get; init; }

    public bool IsKnown => CompletedAt != Never;

    /// <summary>Of a write: whether it was done before its time was over, so that there was something to see.</summary>
    public bool WasSurelySeen => IsKnown && (LivesFor is null || CompletedAt - InvokedAt < LivesFor);

    /// <summary>Whether it was over when another one began.</summary>
    public bool IsBefore(Operation other) => CompletedAt < other.InvokedAt;

    public override string ToString()
    {
        var verb = IsWrite ? "wrote" : "read";
        var value = Value.Length == 0 ? "nothing" : Value;
        var end = IsKnown ? $"{CompletedAt.TotalMilliseconds:F1}" : "?";
        return $"client {Client} {verb} {value} on {Node} at {Sequence ?? "?"} "
            + $"({InvokedAt.TotalMilliseconds:F1} to {end} ms)";
    }
}
