using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>Short words for what journal tests do all the time.</summary>
internal static class JournalSteps
{
    /// <summary>No wait in a test is longer; reached only when something is broken.</summary>
    public static readonly TimeSpan WaitMax = Eventually.Limit;

    public static readonly LocalJournalOptions Small = new()
    {
        Directory = "memory",
        SegmentBytes = 16 << 10,
        PayloadBytesMax = 4 << 10,
    };

    public static LocalJournal Open(
        MemoryDisk disk,
        LocalJournalOptions? options = null,
        ManualClock? clock = null,
        Func<Instant>? now = null
    )
    {
        clock ??= new ManualClock();
        return LocalJournal.Open(
            options ?? Small,
            now ?? (() => Instant.From(clock.GetUtcNow())),
            clock,
            NullLogger.Instance,
            disk.Mount(),
            work => work()
        );
    }

    public static async Task<long> AppendAsync(this IJournal journal, string text, object? companion = null)
    {
        var appended = await journal.AppendAsync(Guid.NewGuid(), Encoding.UTF8.GetBytes(text), companion);
        return appended.Position;
    }

    /// <summary>Everything after a position up to what is durable now.</summary>
    public static async Task<List<Entry>> ReadAllAsync(this IJournal journal, long position = 0)
    {
        var entries = new List<Entry>();
        var last = journal.LastPosition;
        if (last <= position)
        {
            return entries;
        }

        using var bound = new CancellationTokenSource(WaitMax);
        await foreach (var batch in journal.ReadAsync(position, bound.Token))
        {
            entries.AddRange(batch);
            if (entries[^1].Position >= last)
            {
                break;
            }
        }

        return entries;
    }

    public static async Task<IReadOnlyList<string>> ReadTextsAsync(this IJournal journal, long position = 0) =>
        [.. (await journal.ReadAllAsync(position)).Select(Text)];

    public static string Text(this Entry entry) => Encoding.UTF8.GetString(entry.Payload.Span);

    public static ValueTask SnapshotAsync(this IJournal journal, long position, string text) =>
        journal.WriteSnapshotAsync(
            position,
            new Instant(position),
            (stream, cancel) => stream.WriteAsync(Encoding.UTF8.GetBytes(text), cancel),
            CancellationToken.None
        );

    public static async Task<(long Position, string Text)?> ReadSnapshotAsync(this IJournal journal)
    {
        await using var snapshot = await journal.OpenSnapshotAsync(CancellationToken.None);
        if (snapshot is null)
        {
            return null;
        }

        using var reader = new StreamReader(snapshot.Content);
        return (snapshot.Position, await reader.ReadToEndAsync());
    }
}
