using System.Diagnostics.Metrics;
using OpenPresence.Server.Telemetry;

namespace OpenPresence.Server.Tests.Telemetry;

/// <summary>What is written of instruments, byte for byte.</summary>
public sealed class PrometheusTextTests
{
    private readonly object scope = new();

    [Fact]
    public void Each_kind_of_instrument_is_written_as_the_format_has_it()
    {
        using var meter = NewMeter();
        using var store = NewStore();
        var posts = meter.CreateCounter<long>("made.up.posts", "{post}", "Posts, \"made up\".");
        var open = meter.CreateUpDownCounter<int>("made.up.open", "{stream}");
        var level = meter.CreateGauge<double>("made.up.level", "By", "Of\nit.");
        meter.CreateObservableCounter("made.up.cpu.time", () => 1.5, "s");
        posts.Add(2, new KeyValuePair<string, object?>("outcome", "a \"b\"\\\n"));
        posts.Add(3, new KeyValuePair<string, object?>("outcome", "a \"b\"\\\n"));
        posts.Add(1, new KeyValuePair<string, object?>("error.type", 503));
        open.Add(5);
        open.Add(-2);
        level.Record(7);
        level.Record(4);

        Assert.Equal(
            """
            # TYPE made_up_cpu_time_seconds_total counter
            made_up_cpu_time_seconds_total 1.5
            # HELP made_up_level_bytes Of\nit.
            # TYPE made_up_level_bytes gauge
            made_up_level_bytes 4
            # TYPE made_up_open gauge
            made_up_open 3
            # HELP made_up_posts_total Posts, "made up".
            # TYPE made_up_posts_total counter
            made_up_posts_total{outcome="a \"b\"\\\n"} 5
            made_up_posts_total{error_type="503"} 1

            """.ReplaceLineEndings("\n"),
            Sorted(Scrape(store, isOpenMetrics: false))
        );
    }

    [Fact]
    public void A_histogram_counts_up_through_its_buckets_in_both_formats()
    {
        using var meter = NewMeter();
        using var store = NewStore();
        var took = meter.CreateHistogram(
            "made.up.took",
            "s",
            "Time.",
            [],
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1, 2.5] }
        );
        foreach (var value in new[] { 0.25, 0.5, 0.75, 2, 9 })
        {
            took.Record(value);
        }
        Assert.Equal(
            """
            # HELP made_up_took_seconds Time.
            # TYPE made_up_took_seconds histogram
            made_up_took_seconds_bucket{le="0.5"} 2
            made_up_took_seconds_bucket{le="1"} 3
            made_up_took_seconds_bucket{le="2.5"} 4
            made_up_took_seconds_bucket{le="+Inf"} 5
            made_up_took_seconds_sum 12.5
            made_up_took_seconds_count 5

            """.ReplaceLineEndings("\n"),
            Scrape(store, isOpenMetrics: false)
        );
        var open = Scrape(store, isOpenMetrics: true);
        Assert.Contains("# UNIT made_up_took_seconds seconds\n", open);
        Assert.Contains("le=\"1.0\"} 3\n", open);
        Assert.EndsWith("made_up_took_seconds_count 5\n# EOF\n", open);
    }

    [Fact]
    public void Sums_are_right_whoever_adds()
    {
        using var meter = NewMeter();
        using var store = NewStore();
        var took = meter.CreateHistogram<double>("made.up.took", "s");
        Parallel.For(0, 20_000, i => took.Record(0.5, new KeyValuePair<string, object?>("route", i % 7)));
        var scraped = new Exposition(Scrape(store, isOpenMetrics: false));
        var counts = scraped.Samples.Where(sample => sample.Name == "made_up_took_seconds_count");
        var sums = scraped.Samples.Where(sample => sample.Name == "made_up_took_seconds_sum");
        Assert.Equal(20_000, counts.Sum(sample => sample.Value));
        Assert.Equal(10_000, sums.Sum(sample => sample.Value));
    }

    [Fact]
    public void There_is_an_end_to_how_many_series_an_instrument_has()
    {
        using var meter = NewMeter();
        using var store = NewStore();
        var counter = meter.CreateCounter<int>("made.up.leak");
        for (var i = 0; i < MetricFamily.SeriesMax + 25; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("id", $"{i}"));
        }
        var samples = new Exposition(Scrape(store, isOpenMetrics: false)).Samples;
        Assert.Equal(MetricFamily.SeriesMax + 1, samples.Count);
        Assert.Equal(25, samples.Single(s => s.Labels.ContainsKey("otel_metric_overflow")).Value);
    }

    [Fact]
    public void What_is_observed_no_more_is_told_no_more()
    {
        using var meter = NewMeter();
        using var store = NewStore();
        var told = new List<Measurement<int>> { new(1, new KeyValuePair<string, object?>("a", 1)) };
        meter.CreateObservableGauge("made.up.gone", () => told);
        Assert.Contains("made_up_gone{a=\"1\"} 1\n", Scrape(store, isOpenMetrics: false));
        told.Clear();
        Assert.Equal("", Scrape(store, isOpenMetrics: false));
    }

    [Fact]
    public void Meters_of_another_server_and_of_strangers_are_not_listened_to()
    {
        using var others = new Meter(new MeterOptions(ServerMeters.MeterName) { Scope = new() });
        using var stranger = new Meter(new MeterOptions("Somebody.Else") { Scope = scope });
        using var store = NewStore();
        Assert.False(others.CreateCounter<int>("made.up.theirs").Enabled);
        Assert.False(stranger.CreateCounter<int>("made.up.strange").Enabled);
    }

    private Meter NewMeter() => new(new MeterOptions(ServerMeters.MeterName) { Scope = scope });

    private MetricStore NewStore()
    {
        var store = new MetricStore(other => other == scope);
        store.Begin();
        return store;
    }

    /// <summary>Without what the process itself measures.</summary>
    private static string Scrape(MetricStore store, bool isOpenMetrics)
    {
        var text = store.Collect(families =>
            new PrometheusText(isOpenMetrics).Write([
                .. families.Where(f => f.Instrument.Name.StartsWith("made.up.", StringComparison.Ordinal)),
            ])
        );
        return string.Concat(
            text.Split('\n')
                .SkipLast(1)
                .Where(line => !line.Contains("target", StringComparison.Ordinal))
                .Select(line => line + "\n")
        );
    }

    /// <summary>Series have no order; those of one family, longest first.</summary>
    private static string Sorted(string text) =>
        string.Concat(
            text.Split('\n')
                .SkipLast(1)
                .Select((line, at) => (line, at))
                .OrderBy(row => row.line.Contains("posts_total{", StringComparison.Ordinal) ? 1 : 0)
                .ThenBy(row => row.line.Contains("error_type", StringComparison.Ordinal) ? 1 : 0)
                .ThenBy(row => row.at)
                .Select(row => row.line + "\n")
        );
}
