using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Journal;

/// <summary>How long a start takes to open a journal of many small entries and read them all.</summary>
internal static class RestartBench
{
    private const int Entries = 3_000_000;
    private const int PayloadBytes = 64;
    private const int UnderWay = 32 << 10;
    private const int Rounds = 3;

    public static async Task<BenchResult> RunAsync(string directory, CancellationToken cancel)
    {
        Directory.Delete(directory, recursive: true);
        await FillAsync(directory, cancel);
        var seconds = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            seconds.Add(await ReadAsync(directory, cancel));
        }

        seconds.Sort();
        return new BenchResult("journal-restart-3M", seconds[Rounds / 2], "s", null, null);
    }

    private static async Task FillAsync(string directory, CancellationToken cancel)
    {
        await using var journal = Open(directory);
        var payload = new byte[PayloadBytes];
        var appends = new Task[UnderWay];
        for (var done = 0; done < Entries; done += UnderWay)
        {
            cancel.ThrowIfCancellationRequested();
            var count = Math.Min(UnderWay, Entries - done);
            for (var i = 0; i < count; i++)
            {
                appends[i] = journal.AppendAsync(Guid.NewGuid(), payload).AsTask();
            }

            await Task.WhenAll(appends.AsSpan(0, count));
        }
    }

    private static async Task<double> ReadAsync(string directory, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        await using var journal = Open(directory);
        var last = 0L;
        await foreach (var batch in journal.ReadAsync(0, cancel))
        {
            foreach (var entry in batch)
            {
                last = entry.Position;
            }

            if (last == journal.LastPosition)
            {
                break;
            }
        }

        return last == Entries
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"{last} entries instead of {Entries}.");
    }

    private static LocalJournal Open(string directory) =>
        LocalJournal.Open(
            new LocalJournalOptions { Directory = directory },
            () => Instant.From(TimeProvider.System.GetUtcNow()),
            TimeProvider.System,
            NullLogger<LocalJournal>.Instance
        );
}
