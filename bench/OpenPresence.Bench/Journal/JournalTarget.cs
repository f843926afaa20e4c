using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Journal;

/// <summary>The local journal with a reader that follows, as in a node.</summary>
internal sealed class JournalTarget : IAppendTarget
{
    private readonly LocalJournal _journal;
    private readonly Task _reader;

    public JournalTarget(string directory)
    {
        _journal = LocalJournal.Open(
            new LocalJournalOptions { Directory = directory },
            () => Instant.From(TimeProvider.System.GetUtcNow()),
            TimeProvider.System,
            NullLogger<LocalJournal>.Instance
        );
        _reader = Task.Run(FollowAsync);
    }

    public long Followed { get; private set; }

    public ValueTask<Appended> AppendAsync(Guid id, byte[] payload) => _journal.AppendAsync(id, payload, payload);

    public async ValueTask DisposeAsync()
    {
        await _journal.DisposeAsync();
        await _reader;
    }

    private async Task FollowAsync()
    {
        await foreach (var batch in _journal.ReadAsync(0, CancellationToken.None))
        {
            foreach (var entry in batch)
            {
                Followed = entry.Position;
            }
        }
    }
}
