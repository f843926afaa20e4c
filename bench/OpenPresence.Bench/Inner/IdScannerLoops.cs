using BenchmarkDotNet.Attributes;
using OpenPresence.Server.Graph;

namespace OpenPresence.Bench.Inner;

/// <summary>Reading the 650 ids of a body.</summary>
[MemoryDiagnoser]
public class IdScannerLoops
{
    private readonly BulkIds requests = new(1_000_000);
    private readonly Guid[] ids = new Guid[IdScanner.ElementsMax];
    private readonly int[] textAt = new int[IdScanner.ElementsMax];

    [Benchmark(Baseline = true)]
    public int Plain_JSON_reader() => IdScannerPlain.Scan(requests.NextBody(), ids, textAt).Count;

    [Benchmark]
    public int Vectors() => IdScanner.Scan(requests.NextBody(), ids, textAt).Count;
}
