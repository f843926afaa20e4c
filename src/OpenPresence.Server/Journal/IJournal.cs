using OpenPresence.Engine;

namespace OpenPresence.Server.Journal;

/// <summary>
/// A totally ordered, durable log with snapshots; the one place where state is made durable.
/// </summary>
/// <remarks>
/// <para>A start reads like this: open the newest snapshot, load it, then read everything after its
/// position. Whoever reads has caught up once it has applied <see cref="LastPosition"/> as it stood
/// before the first read.</para>
/// <para>What cannot be written is an outage (<see cref="JournalUnavailableException"/>) and passes;
/// what cannot be read needs a person (<see cref="JournalRefusedException"/>).</para>
/// </remarks>
public interface IJournal : IAsyncDisposable
{
    /// <summary>How far the last entry may lie beyond the clock at start, unless the clock can be moved.</summary>
    static readonly TimeSpan ClockLeadMaxDefault = TimeSpan.FromMinutes(5);

    /// <summary>The newest position that is known to be durable; 0: nothing was ever appended.</summary>
    long LastPosition { get; }

    /// <summary>
    /// The newest position that is durable by now, whoever appended it: where others append too,
    /// <see cref="LastPosition"/> may not know of it yet. Who has applied it knows everything that was acknowledged before
    /// the call.
    /// </summary>
    /// <exception cref="JournalUnavailableException">The position cannot be read at the moment.</exception>
    ValueTask<long> FindLastPositionAsync(CancellationToken cancel) => new(LastPosition);

    /// <summary>Null while entries can be appended; otherwise a sentence that says why not.</summary>
    string? Fault { get; }

    /// <summary>How far this node is behind what others appended; nothing when there are no others.</summary>
    JournalLag Lag => default;

    /// <summary>
    /// The newest intact snapshot, or null; the caller disposes of it. A damaged one is passed over, which the log tells: the
    /// one before it and more entries come to the same state. If none is whole and the first entries are gone, this or the
    /// first reading refuses.
    /// </summary>
    /// <exception cref="JournalRefusedException">There is no way to the present state.</exception>
    ValueTask<JournalSnapshot?> OpenSnapshotAsync(CancellationToken cancel);

    /// <summary>
    /// All entries after <paramref name="position"/> in order, in batches that are never empty: first
    /// those in storage, then, for ever, those that become durable. Ends when the journal is disposed
    /// of; throws <see cref="OperationCanceledException"/> when cancelled.
    /// </summary>
    /// <remarks>
    /// Several readers may follow at once. Companions go to the one that began first, each exactly once;
    /// the others read null. Without a reader, companions wait for the next one.
    /// </remarks>
    /// <exception cref="JournalRefusedException">Entries after the position are damaged or gone.</exception>
    IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync(long position, CancellationToken cancel);

    /// <summary>
    /// Queues an entry; the task ends once it would survive a <c>kill -9</c> and a power cut. Concurrent
    /// appends share one flush. A command id that was appended before appends nothing and gives its first
    /// position; how many ids are remembered is a named setting. Where several nodes share a journal, each knows the
    /// ids of the entries that it has read (<see cref="LastPosition"/>).
    /// </summary>
    /// <param name="commandId">Given by the appender, so that a repeated append is harmless.</param>
    /// <param name="payload">The journal keeps it: its bytes must never change afterwards.</param>
    /// <param name="companion">Handed to the reader with the entry; kept in this process only.</param>
    /// <exception cref="JournalUnavailableException">Nothing was appended; try again later.</exception>
    ValueTask<Appended> AppendAsync(Guid commandId, ReadOnlyMemory<byte> payload, object? companion = null);

    /// <summary>
    /// The same for who waits for the reader anyway: the entry reaches the reader with the appender as its companion, or
    /// the appender is told that it will not. Spares an answer that no caller needs.
    /// </summary>
    /// <exception cref="JournalUnavailableException">Nothing was appended; try again later.</exception>
    void Append(Guid commandId, ReadOnlyMemory<byte> payload, IAppender appender);

    /// <summary>
    /// Stores what <paramref name="write"/> writes as the state at <paramref name="position"/>; afterwards
    /// entries that no kept snapshot needs may go. Appends continue meanwhile. One at a time; while another node
    /// writes one, or when it has written a newer one, nothing is done.
    /// </summary>
    /// <param name="position">The last entry that is contained; at most <see cref="LastPosition"/>.</param>
    /// <param name="at">That entry's instant.</param>
    /// <param name="write">Writes the state once, front to back.</param>
    /// <param name="cancel">Drops what was written so far.</param>
    /// <exception cref="JournalUnavailableException">Nothing was stored; older snapshots stand.</exception>
    ValueTask WriteSnapshotAsync(
        long position,
        Instant at,
        Func<Stream, CancellationToken, ValueTask> write,
        CancellationToken cancel
    );
}

/// <summary>One entry of the total order.</summary>
/// <param name="Position">1, 2, 3 …; never goes back, may skip.</param>
/// <param name="At">Stamped where the order is made; never earlier than the entry before.</param>
/// <param name="CommandId">Given by the appender, so that a repeated append is harmless.</param>
/// <param name="Payload">Opaque to the journal.</param>
/// <param name="Companion">
/// The object that the appender passed in this process; null for entries of others and of before.
/// </param>
public readonly record struct Entry(
    long Position,
    Instant At,
    Guid CommandId,
    ReadOnlyMemory<byte> Payload,
    object? Companion = null
);

/// <summary>A caller that appended and waits until a reader hands the entry back.</summary>
public interface IAppender
{
    /// <summary>
    /// No reader will: a <see cref="JournalUnavailableException"/>, and nothing was appended; or the command id had been
    /// appended before, an <see cref="InvalidOperationException"/>. Called on a thread of the pool.
    /// </summary>
    void Fail(Exception failure);
}

/// <summary>How far a node is behind the journal.</summary>
/// <param name="Entries">That are known to exist, and that it has not read.</param>
/// <param name="Time">Since it last knew that there were none.</param>
public readonly record struct JournalLag(long Entries, TimeSpan Time);

/// <summary>What became of an append.</summary>
/// <param name="Position">Where the command stands in the order.</param>
/// <param name="Repeated">
/// The command id had been appended before: nothing was added, and the companion of this call is dropped.
/// </param>
public readonly record struct Appended(long Position, bool Repeated);

/// <summary>A snapshot that is open for reading.</summary>
/// <param name="Position">The last entry that is contained.</param>
/// <param name="At">That entry's instant.</param>
/// <param name="Content">What the writer wrote, verified while it is read.</param>
public sealed record JournalSnapshot(long Position, Instant At, Stream Content) : IAsyncDisposable
{
    /// <inheritdoc />
    public ValueTask DisposeAsync() => Content.DisposeAsync();
}
