namespace OpenPresence.Server.Telemetry;

/// <summary>
/// What was measured under one set of labels. Each processor adds to numbers of its own, so that counting is no place where
/// all requests meet; whoever scrapes adds them up.
/// </summary>
internal sealed class MetricSeries
{
    /// <summary>Numbers of two processors never share a line of the cache: so many longs lie between them.</summary>
    private const int Gap = 16;

    private static readonly int Stripes = (int)
        System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Min(Environment.ProcessorCount, 64));

    private readonly double[] bounds;
    private readonly long[]?[] stripes = new long[]?[Stripes];
    private long absolute;

    /// <param name="tags">The labels.</param>
    /// <param name="bounds">The upper bounds of a histogram's buckets; empty: it is no histogram.</param>
    public MetricSeries(KeyValuePair<string, object?>[] tags, double[] bounds) => (Tags, this.bounds) = (tags, bounds);

    public KeyValuePair<string, object?>[] Tags { get; }

    /// <summary>Whether the last scrape told of it; only of what is observed.</summary>
    public bool IsFresh { get; set; }

    /// <summary>The sum of what was added, or what was set last.</summary>
    public double Value => BitConverter.Int64BitsToDouble(Volatile.Read(ref absolute)) + Sum;

    /// <summary>The sum of what was added or recorded.</summary>
    public double Sum
    {
        get
        {
            var sum = 0.0;
            foreach (var cells in stripes)
            {
                sum += cells is null ? 0 : BitConverter.Int64BitsToDouble(Volatile.Read(ref cells[Gap]));
            }
            return sum;
        }
    }

    /// <summary>How many recorded values each bucket has, the last for those beyond all bounds.</summary>
    public long[] Buckets()
    {
        var counts = new long[bounds.Length + 1];
        foreach (var cells in stripes)
        {
            for (var i = 0; cells is not null && i < counts.Length; i++)
            {
                counts[i] += Volatile.Read(ref cells[Gap + 1 + i]);
            }
        }
        return counts;
    }

    /// <summary>Takes the place of what was there.</summary>
    public void Set(double value)
    {
        Volatile.Write(ref absolute, BitConverter.DoubleToInt64Bits(value));
        IsFresh = true;
    }

    /// <summary>Adds to a sum, and to a bucket where there are some.</summary>
    public void Add(double value)
    {
        var cells = Mine();
        if (bounds.Length > 0)
        {
            var bucket = 0;
            while (bucket < bounds.Length && value > bounds[bucket])
            {
                bucket++;
            }
            Interlocked.Increment(ref cells[Gap + 1 + bucket]);
        }
        ref var sum = ref cells[Gap];
        long seen;
        do
        {
            seen = Volatile.Read(ref sum);
        } while (
            Interlocked.CompareExchange(
                ref sum,
                BitConverter.DoubleToInt64Bits(BitConverter.Int64BitsToDouble(seen) + value),
                seen
            ) != seen
        );
    }

    private long[] Mine()
    {
        ref var mine = ref stripes[Thread.GetCurrentProcessorId() & (Stripes - 1)];
        return Volatile.Read(ref mine)
            ?? Interlocked.CompareExchange(ref mine, new long[Gap + 2 + bounds.Length + Gap], null)
            ?? mine;
    }
}
