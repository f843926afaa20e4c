using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Copying;

/// <summary>An empty place that a copy is written to; until it is complete, no server finds anything in it.</summary>
internal interface ICopyTarget : IAsyncDisposable
{
    /// <summary>Before the entries, and once at most.</summary>
    Task WriteSnapshotAsync(JournalSnapshot snapshot, CancellationToken cancel);

    /// <summary>The next entries; positions have no gaps.</summary>
    Task WriteAsync(IReadOnlyList<Entry> entries, CancellationToken cancel);

    /// <summary>Makes it durable, and a journal.</summary>
    Task CompleteAsync(CancellationToken cancel);
}
