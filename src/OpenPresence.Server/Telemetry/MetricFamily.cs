using System.Diagnostics.Metrics;

namespace OpenPresence.Server.Telemetry;

/// <summary>How Prometheus sees a family.</summary>
internal enum MetricKind
{
    Counter,
    Gauge,
    Histogram,
}

/// <summary>
/// Everything that one instrument measured, by its labels. Looking a series up takes no lock and allocates nothing: it is done
/// for each measurement. There is a limit to how many there are: labels are meant to be few, and a mistake with them must not
/// become a leak.
/// </summary>
internal sealed class MetricFamily(Instrument instrument, double[] bounds)
{
    /// <summary>Series of one instrument; what comes then is counted under one label, as OpenTelemetry has it.</summary>
    public const int SeriesMax = 500;

    private static readonly KeyValuePair<string, object?>[] Overflow = [new("otel.metric.overflow", true)];

    private readonly Lock gate = new();
    private readonly MetricSeries overflow = new(Overflow, bounds);
    private MetricSeries?[] table = new MetricSeries?[16];
    private int count;
    private bool hasOverflown;

    public Instrument Instrument => instrument;

    public double[] Bounds => bounds;

    public MetricKind Kind { get; } = KindOf(instrument);

    /// <summary>Whether its values are told at a scrape, as totals.</summary>
    public bool IsObserved => instrument.IsObservable;

    /// <summary>The series that there are.</summary>
    public IEnumerable<MetricSeries> All
    {
        get
        {
            var found = Volatile.Read(ref table).OfType<MetricSeries>();
            return hasOverflown ? found.Append(overflow) : found;
        }
    }

    /// <summary>Takes a measurement.</summary>
    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var series = Find(Volatile.Read(ref table), tags) ?? Add(tags);
        if (IsObserved || (Kind == MetricKind.Gauge && instrument.GetType().Name == GaugeName))
        {
            series.Set(value);
        }
        else
        {
            series.Add(value);
        }
    }

    private static readonly string GaugeName = typeof(Gauge<>).Name;

    private MetricSeries Add(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        lock (gate)
        {
            if (Find(table, tags) is { } known)
            {
                return known;
            }
            if (count == SeriesMax)
            {
                hasOverflown = true;
                return overflow;
            }
            count++;
            var grown = new MetricSeries?[count * 2 > table.Length ? table.Length * 2 : table.Length];
            foreach (var other in table.OfType<MetricSeries>())
            {
                Put(grown, other);
            }
            var series = new MetricSeries(tags.ToArray(), bounds);
            Put(grown, series);
            Volatile.Write(ref table, grown);
            return series;
        }
    }

    private static void Put(MetricSeries?[] table, MetricSeries series)
    {
        var at = Hash(series.Tags) & (table.Length - 1);
        while (table[at] is not null)
        {
            at = (at + 1) & (table.Length - 1);
        }
        table[at] = series;
    }

    private static MetricSeries? Find(MetricSeries?[] table, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var at = Hash(tags) & (table.Length - 1);
        while (table[at] is { } series)
        {
            if (Are(series.Tags, tags))
            {
                return series;
            }
            at = (at + 1) & (table.Length - 1);
        }
        return null;
    }

    private static bool Are(
        ReadOnlySpan<KeyValuePair<string, object?>> some,
        ReadOnlySpan<KeyValuePair<string, object?>> others
    )
    {
        if (some.Length != others.Length)
        {
            return false;
        }
        for (var i = 0; i < some.Length; i++)
        {
            if (some[i].Key != others[i].Key || !Equals(some[i].Value, others[i].Value))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Rough, since it is made for each measurement: whether labels are equal is looked at afterwards.</summary>
    private static int Hash(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var hash = tags.Length;
        foreach (ref readonly var tag in tags)
        {
            var value = tag.Value switch
            {
                string { Length: > 0 } text => text.Length + 31 * text[^1] + 961 * text[0],
                int number => number,
                _ => 0,
            };
            hash = hash * 31 + tag.Key.Length + value * 7;
        }
        return hash ^ (hash >>> 8);
    }

    private static MetricKind KindOf(Instrument instrument)
    {
        var name = instrument.GetType().Name;
        return name == typeof(Histogram<>).Name ? MetricKind.Histogram
            : name == typeof(Counter<>).Name || name == typeof(ObservableCounter<>).Name ? MetricKind.Counter
            : MetricKind.Gauge;
    }
}
