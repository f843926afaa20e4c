using OpenPresence.Engine;

namespace OpenPresence.Server.Journal;

/// <summary>One entry of the total order.</summary>
/// <param name="Position">1, 2, 3 …; never goes back, may skip.</param>
/// <param name="At">Stamped where the order is made; never earlier than the entry before.</param>
/// <param name="CommandId">Given by the appender, so that a repeated append is harmless.</param>
/// <param name="Payload">Opaque to the journal.</param>
/// <param name="Companion">
/// The object that the appender passed in this process; null for entries read from storage.
/// </param>
public readonly record struct Entry(
    long Position,
    Instant At,
    Guid CommandId,
    ReadOnlyMemory<byte> Payload,
    object? Companion = null
);

/// <summary>
/// A totally ordered, durable log with snapshots; the one place where state is made durable.
/// </summary>
public interface IJournal : IAsyncDisposable
{
    /// <summary>The newest snapshot, or null; the caller disposes of it.</summary>
    ValueTask<JournalSnapshot?> OpenSnapshotAsync(CancellationToken cancel);

    /// <summary>
    /// All entries after <paramref name="position"/> in order, in batches: first those in storage, then,
    /// for ever, those that become durable. Ends only when cancelled or disposed of.
    /// </summary>
    IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync(long position, CancellationToken cancel);

    /// <summary>
    /// Queues an entry; the task ends with its position once it would survive a kill -9 and a power cut.
    /// Concurrent appends share one flush. A command id that was appended before gives its first position.
    /// </summary>
    /// <exception cref="JournalUnavailableException">Nothing was written; the caller may try again later.</exception>
    ValueTask<long> AppendAsync(
        Guid commandId,
        ReadOnlyMemory<byte> payload,
        object? companion = null
    );

    /// <summary>
    /// Stores what <paramref name="write"/> writes as the state at <paramref name="position"/>; afterwards
    /// older entries may go. Appends continue meanwhile.
    /// </summary>
    ValueTask WriteSnapshotAsync(
        long position,
        Instant at,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    );

    /// <summary>Null while entries can be appended; otherwise a sentence that says why not.</summary>
    string? Fault { get; }
}

/// <summary>A snapshot that is open for reading.</summary>
/// <param name="Position">The last entry that is contained.</param>
/// <param name="At">That entry's instant.</param>
/// <param name="Content">What the writer wrote, verified while it is read.</param>
public sealed record JournalSnapshot(long Position, Instant At, Stream Content) : IAsyncDisposable
{
    /// <inheritdoc />
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}

/// <summary>The journal cannot write at the moment: full disk, I/O error, lost connection.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null)
    : Exception(message, inner);
