using OpenPresence.Server.Journal;

namespace OpenPresence.Bench.Journal;

/// <summary>Something that callers append to and wait for: the journal, or a plain file.</summary>
internal interface IAppendTarget : IAsyncDisposable
{
    /// <summary>Ends when the entry is durable.</summary>
    ValueTask<Appended> AppendAsync(Guid id, byte[] payload);
}
