using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace OpenPresence.Server.Telemetry;

/// <summary>
/// Listens to the meters of one server, and of the process that it runs in, and adds up what they measure until somebody
/// scrapes. Until <see cref="Begin"/> nothing listens, and .NET's instruments cost what a look at a flag costs.
///
/// Written by hand because the exporters of OpenTelemetry are not to be had for it, and small because most of it is in .NET:
/// the meters, their names and their labels are the framework's and our own, and other listeners see the same ones.
/// </summary>
/// <param name="isOfThisServer">Whether a meter's scope is this server's: several run in one process at times.</param>
internal sealed class MetricStore(Func<object?, bool> isOfThisServer) : IDisposable
{
    /// <summary>Families that are kept; more are not listened to.</summary>
    public const int FamiliesMax = 200;

    /// <summary>Of the process, whichever server is asked.</summary>
    private const string Runtime = "System.Runtime";

    /// <summary>
    /// Whose labels are few. Not among them: System.Net.Http, which would label with the hosts that subscribers choose.
    /// </summary>
    private static readonly string[] OfServer =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        ServerMeters.MeterName,
        Webhooks.Delivery.DeliveryMetrics.MeterName,
    ];

    /// <summary>
    /// In seconds, where an instrument says nothing. Those of the semantic conventions for HTTP begin at 5 ms; most
    /// of our reads are below 1.
    /// </summary>
    private static readonly double[] Seconds =
    [
        0.0001,
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.075,
        0.1,
        0.25,
        0.5,
        0.75,
        1,
        2.5,
        5,
        7.5,
        10,
    ];

    private readonly ConcurrentDictionary<string, MetricFamily> families = new(StringComparer.Ordinal);
    private readonly Lock gate = new();
    private MeterListener? listener;

    /// <summary>Whether there is a listener.</summary>
    public bool IsOn => Volatile.Read(ref listener) is not null;

    /// <summary>Begins to listen; a second time does nothing.</summary>
    public void Begin()
    {
        lock (gate)
        {
            if (listener is not null)
            {
                return;
            }
            var begun = new MeterListener { InstrumentPublished = Take };
            begun.SetMeasurementEventCallback<byte>((_, value, tags, to) => Record(to, value, tags));
            begun.SetMeasurementEventCallback<short>((_, value, tags, to) => Record(to, value, tags));
            begun.SetMeasurementEventCallback<int>((_, value, tags, to) => Record(to, value, tags));
            begun.SetMeasurementEventCallback<long>((_, value, tags, to) => Record(to, value, tags));
            begun.SetMeasurementEventCallback<float>((_, value, tags, to) => Record(to, value, tags));
            begun.SetMeasurementEventCallback<double>((_, value, tags, to) => Record(to, value, tags));
            begun.SetMeasurementEventCallback<decimal>((_, value, tags, to) => Record(to, (double)value, tags));
            begun.Start();
            Volatile.Write(ref listener, begun);
        }
    }

    /// <summary>Asks for what is observed, and has all of it written.</summary>
    public T Collect<T>(Func<IReadOnlyList<MetricFamily>, T> write)
    {
        lock (gate)
        {
            var all = families.Values.OrderBy(f => f.Instrument.Name, StringComparer.Ordinal);
            MetricFamily[] ordered = [.. all];
            foreach (var series in ordered.Where(f => f.IsObserved).SelectMany(f => f.All))
            {
                series.IsFresh = false;
            }
            listener?.RecordObservableInstruments();
            return write(ordered);
        }
    }

    /// <inheritdoc />
    public void Dispose() => listener?.Dispose();

    private void Take(Instrument instrument, MeterListener to)
    {
        var meter = instrument.Meter;
        var isWanted =
            meter.Name == Runtime
            || (OfServer.Contains(meter.Name, StringComparer.Ordinal) && isOfThisServer(meter.Scope));
        if (isWanted && families.Count < FamiliesMax)
        {
            to.EnableMeasurementEvents(
                instrument,
                families.GetOrAdd(instrument.Name, _ => new MetricFamily(instrument, BoundsOf(instrument)))
            );
        }
    }

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        ((MetricFamily)family!).Record(value, tags);

    /// <summary>What the instrument advises; finer below where it is told in seconds.</summary>
    private static double[] BoundsOf(Instrument instrument)
    {
        double[] advised = instrument switch
        {
            Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
            Histogram<double> => Seconds,
            _ => [],
        };
        return instrument.Unit == "s" && advised is [0.005, ..]
            ? [.. Seconds.TakeWhile(bound => bound < advised[0]), .. advised]
            : advised;
    }
}
