using System.Diagnostics;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Bench.People;

/// <summary>
/// What a million people with believable attributes cost: memory (the attributes and the indexes apart),
/// the pause of a cut, writing and reading it, and finding somebody.
/// </summary>
public static class DirectoryBench
{
    private const int PeopleCount = 1_000_000;
    private const int Lookups = 1_000_000;
    private static readonly Guid TenantId = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    public static Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancel)
    {
        var before = UsedBytes();
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(new Tenant(TenantId, "Contoso", ["contoso.example"])));
        var began = Cpu();
        for (var number = 0; number < PeopleCount; number++)
        {
            cancel.ThrowIfCancellationRequested();
            directory.Apply(new PersonUpserted(SampledPeople.Of(number, TenantId)));
        }

        var applying = Cpu() - began;
        var used = (double)(UsedBytes() - before) / PeopleCount;
        var packed = (double)directory.PeopleBytes / PeopleCount;
        List<BenchResult> results =
        [
            new("directory-bytes-per-person", used, "B", null, null),
            new("directory-attributes", packed, "B/person", packed / 200, "200 B"),
            new("directory-indexes", used - packed, "B/person", null, null),
            new("directory-apply", Micros(applying, PeopleCount), "CPU us/person", null, null),
        ];
        results.AddRange(Cut(directory));
        results.AddRange(Find(directory));
        return Task.FromResult<IReadOnlyList<BenchResult>>(results);
    }

    private static IEnumerable<BenchResult> Cut(TenantDirectory directory)
    {
        directory.Cut();
        var clock = Stopwatch.StartNew();
        var cut = directory.Cut();
        var cutting = clock.Elapsed;

        // The first changes after a cut copy what they touch.
        clock.Restart();
        var slowest = TimeSpan.Zero;
        for (var number = 0; number < 10_000; number++)
        {
            var began = clock.Elapsed;
            var person = SampledPeople.Of(number * 97 % PeopleCount, TenantId);
            directory.Apply(new PersonUpserted(person with { JobTitle = "Afterwards" }));
            slowest = TimeSpan.FromTicks(Math.Max(slowest.Ticks, (clock.Elapsed - began).Ticks));
        }

        using var stream = new MemoryStream();
        var beganWriting = Cpu();
        cut.WriteTo(stream);
        var writing = Cpu() - beganWriting;
        stream.Position = 0;
        var beganReading = Cpu();
        new TenantDirectory().ReadFrom(stream);
        var reading = Cpu() - beganReading;
        return
        [
            new("directory-cut-pause", cutting.TotalMilliseconds, "ms", null, null),
            new("directory-slowest-change-after", slowest.TotalMilliseconds, "ms", null, null),
            new("directory-cut-write", writing.TotalMilliseconds, "CPU ms", null, null),
            new("directory-cut-read", reading.TotalMilliseconds, "CPU ms", null, null),
            new("directory-cut-bytes", (double)stream.Length / PeopleCount, "B/person", null, null),
        ];
    }

    private static IEnumerable<BenchResult> Find(TenantDirectory directory)
    {
        var random = new Random(1);
        var beganTenants = Cpu();
        for (var i = 0; i < Lookups; i++)
        {
            directory.TryGetTenantOf(SampledPeople.IdOf(random.Next(PeopleCount)), out _);
        }

        var tenants = Cpu() - beganTenants;
        var beganNames = Cpu();
        for (var i = 0; i < Lookups; i++)
        {
            directory.TryGetPerson(SampledPeople.NameOf(random.Next(PeopleCount)), out _);
        }

        return
        [
            new("directory-tenant-of-id", Micros(tenants, Lookups), "CPU us", null, null),
            new("directory-person-by-name", Micros(Cpu() - beganNames, Lookups), "CPU us", null, null),
        ];
    }

    private static double Micros(TimeSpan elapsed, int count) => elapsed.TotalMicroseconds / count;

    /// <summary>Of the processor, not of the wall: other programs may be running.</summary>
    private static TimeSpan Cpu() => Environment.CpuUsage.TotalTime;

    private static long UsedBytes() => GC.GetTotalMemory(forceFullCollection: true);
}
