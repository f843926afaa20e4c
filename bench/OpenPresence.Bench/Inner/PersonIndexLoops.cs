using BenchmarkDotNet.Attributes;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Bench.Inner;

/// <summary>Finding people by id; each invocation is one request of 650.</summary>
[MemoryDiagnoser]
public class PersonIndexLoops
{
    private readonly PersonIndex index = new();
    private readonly PersonEntry[] found = new PersonEntry[BulkIds.PerRequest];
    private BulkIds requests = null!;

    [Params(10_000, 1_000_000, 10_000_000)]
    public int People { get; set; }

    [GlobalSetup]
    public void Fill()
    {
        for (var i = 0; i < People; i++)
        {
            index.TryAdd(new PersonEntry(BenchIds.Person(i), i, 1, 2, PersonFlags.None, i));
        }
        requests = new BulkIds(People);
    }

    [Benchmark]
    public void Find_650_at_once() => index.FindMany(requests.Next(), found);

    [Benchmark]
    public int Find_650_one_by_one()
    {
        var sum = 0;
        foreach (var id in requests.Next())
        {
            index.TryFind(id, out var entry);
            sum += entry.Row;
        }
        return sum;
    }
}
