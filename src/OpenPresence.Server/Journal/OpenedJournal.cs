using System.Runtime.CompilerServices;

namespace OpenPresence.Server.Journal;

/// <summary>A journal that a command looks at, and what has to be closed with it.</summary>
/// <param name="Journal">The journal.</param>
/// <param name="FirstPosition">The oldest entry that can be read; one more than the last position: there is none.</param>
/// <param name="Where">The place in words that may be shown.</param>
/// <param name="Held">Closed after the journal; null: nothing.</param>
public sealed record OpenedJournal(IJournal Journal, long FirstPosition, string Where, IAsyncDisposable? Held = null)
    : IAsyncDisposable
{
    /// <summary>Every entry that is there now, and none that comes meanwhile.</summary>
    public async IAsyncEnumerable<IReadOnlyList<Entry>> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var last = Journal.LastPosition;
        if (last < FirstPosition)
        {
            yield break;
        }
        await foreach (var batch in Journal.ReadAsync(FirstPosition - 1, cancel))
        {
            if (batch[^1].Position < last)
            {
                yield return batch;
                continue;
            }
            yield return [.. batch.TakeWhile(entry => entry.Position <= last)];
            yield break;
        }
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await Journal.DisposeAsync();
        if (Held is not null)
        {
            await Held.DisposeAsync();
        }
    }
}
