using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Board;

/// <summary>
/// <c>bench state</c>: what people cost at rest. Memory and starts are the real server's, cold: one that was
/// started on a directory and did nothing since. Ten million people, whose entries would take longer to write
/// than all the rest, are applied in a process without a journal.
/// </summary>
public static class StateBench
{
    private const int Many = 10_000_000;
    private const double MegaByte = 1e6;

    /// <summary>Until a server that was just started has given back what it needed for it.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan NotAtAll = TimeSpan.Zero;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        return
        [
            .. await ServerAsync(options, directory, cancel),
            .. await ManyAsync(cancel),
            .. await MessagesAsync(options.People, cancel),
            WheelBench.Run(options.Rounds),
        ];
    }

    private static async Task<IReadOnlyList<BenchResult>> ServerAsync(
        BenchOptions options,
        TemporaryDirectory directory,
        CancellationToken cancel
    )
    {
        var people = options.People;
        var empty = directory.Sub("rest-empty");
        var full = directory.Sub("rest");
        var killed = directory.Sub("rest-killed");
        await Population.EnsureAsync(empty, people: 0, cancel);
        await Population.EnsureAsync(full, people, cancel);
        await Population.EnsureAsync(killed, people, cancel, Population.RenewalsAfterSnapshot);
        var nobody = await StartsAsync(options, empty, Settle, cancel);
        var everybody = await StartsAsync(options, full, Settle, cancel);
        var after = await StartsAsync(options, killed, NotAtAll, cancel);
        var plain = options with { ServerDll = options.PlainServerDll, Rounds = options.RoundsWithoutBar };
        var plainNobody = await StartsAsync(plain, empty, Settle, cancel);
        var plainEverybody = await StartsAsync(plain, full, Settle, cancel);
        var many = Short(people);
        var perPerson = (everybody.ResidentBytes - nobody.ResidentBytes) / people;
        return
        [
            .. Of("start-empty", nobody, plainNobody),
            .. Of($"restart-{many}", everybody, plainEverybody),
            new($"restart-{many}-after-kill", after.ReadyMilliseconds, "ms", null, null),
            new($"restart-{many}-after-kill-cpu", after.ProcessorMilliseconds, "CPU ms", null, null),
            new("resident-empty", nobody.ResidentBytes / MegaByte, "MB", null, null),
            new("resident", everybody.ResidentBytes / MegaByte, "MB", null, null),
            new("bytes-per-person", perPerson, "B", null, null),
        ];
    }

    /// <summary>A start, as a ratio to that of the server that is compiled when it runs; and its first read.</summary>
    private static BenchResult[] Of(string name, Start ahead, Start plain)
    {
        const string Plain = "the server that is compiled while it runs";
        return
        [
            new(name, ahead.ReadyMilliseconds, "ms", ahead.ReadyMilliseconds / plain.ReadyMilliseconds, Plain),
            new(
                $"{name}-cpu",
                ahead.ProcessorMilliseconds,
                "CPU ms",
                ahead.ProcessorMilliseconds / plain.ProcessorMilliseconds,
                Plain
            ),
            new(
                $"{name}-first-read",
                ahead.FirstReadMilliseconds,
                "ms",
                ahead.FirstReadMilliseconds / plain.FirstReadMilliseconds,
                Plain
            ),
        ];
    }

    /// <summary>1m for a million.</summary>
    private static string Short(int count) =>
        count % 1_000_000 == 0 ? $"{count / 1_000_000}m"
        : count % 1_000 == 0 ? $"{count / 1_000}k"
        : $"{count}";

    private static async Task<Start> StartsAsync(
        BenchOptions options,
        string data,
        TimeSpan settle,
        CancellationToken cancel
    )
    {
        var starts = new List<Start>();
        for (var round = 0; round < options.Rounds; round++)
        {
            await using var server = await LoadedProcess.StartServerAsync(
                options,
                data,
                cancel,
                LoadedProcess.AllProcessors
            );
            var (ready, processor) = (server.ReadyAfter, server.ProcessorTime);
            await Task.Delay(settle, cancel);
            var resident = server.ResidentBytes;
            var read = await FirstRead.TakeAsync(server, cancel);
            starts.Add(new(ready.TotalMilliseconds, processor.TotalMilliseconds, read.TotalMilliseconds, resident));
        }
        return new(
            Median(starts, start => start.ReadyMilliseconds),
            Median(starts, start => start.ProcessorMilliseconds),
            Median(starts, start => start.FirstReadMilliseconds),
            Median(starts, start => start.ResidentBytes)
        );
    }

    private static async Task<IReadOnlyList<BenchResult>> ManyAsync(CancellationToken cancel)
    {
        var few = await StateProcess.StartAsync(HardlyAnybody, Many / 10, 0, cancel);
        var many = await StateProcess.StartAsync(Many, Many, 0, cancel);
        var perPerson = (many["residentBytes"] - few["residentBytes"]) / Many;
        return
        [
            new("resident-10m", many["residentBytes"] / MegaByte, "MB", null, null),
            new("bytes-per-person-10m", perPerson, "B", null, null),
            new("full-collection-10m", many["collectionMs"], "ms", null, null),
        ];
    }

    /// <summary>People who have more than a row holds: a status message each.</summary>
    private static async Task<IReadOnlyList<BenchResult>> MessagesAsync(int people, CancellationToken cancel)
    {
        var none = await StateProcess.StartAsync(people, people, 0, cancel);
        var all = await StateProcess.StartAsync(people, people, people, cancel);
        var each = (all["residentCollectedBytes"] - none["residentCollectedBytes"]) / people;
        return
        [
            new("bytes-per-status-message", each, "B", null, null),
            new("full-collection", none["collectionMs"], "ms", null, null),
            new("full-collection-messages", all["collectionMs"], "ms", null, null),
        ];
    }

    private const int HardlyAnybody = 1_000;

    private static double Median(List<Start> starts, Func<Start, double> of) => Bench.Median.Of(starts.Select(of));

    private readonly record struct Start(
        double ReadyMilliseconds,
        double ProcessorMilliseconds,
        double FirstReadMilliseconds,
        double ResidentBytes
    );
}
