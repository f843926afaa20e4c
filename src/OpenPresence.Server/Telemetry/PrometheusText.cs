using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace OpenPresence.Server.Telemetry;

/// <summary>
/// The text that Prometheus scrapes: its own format 0.0.4, and OpenMetrics 1.0 for whoever asks for that. Names follow the
/// rules by which OpenTelemetry becomes Prometheus: dots become underscores, the unit a suffix, counters end in _total.
/// </summary>
/// <remarks>
/// Sources: https://prometheus.io/docs/instrumenting/exposition_formats/ ·
/// https://github.com/prometheus/OpenMetrics/blob/v1.0.0/specification/OpenMetrics.md ·
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/
/// </remarks>
internal sealed class PrometheusText(bool isOpenMetrics)
{
    public const string PlainType = "text/plain; version=0.0.4; charset=utf-8";
    public const string OpenMetricsType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    private readonly StringBuilder text = new();

    /// <summary>Writes everything, and who tells it.</summary>
    public string Write(IReadOnlyList<MetricFamily> families)
    {
        WriteTarget();
        foreach (var family in families)
        {
            Write(family);
        }
        return text.Append(isOpenMetrics ? "# EOF\n" : "").ToString();
    }

    /// <summary>What Prometheus calls an instrument, without _total.</summary>
    public static string NameOf(Instrument instrument)
    {
        var name = new StringBuilder();
        foreach (var letter in instrument.Name)
        {
            name.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }
        var unit = UnitOf(instrument);
        return unit.Length > 0 && !instrument.Name.EndsWith(unit, StringComparison.Ordinal)
            ? $"{name}_{unit}"
            : name.ToString();
    }

    private void WriteTarget()
    {
        var version = typeof(PrometheusText).Assembly.GetName().Version!.ToString(3);
        var name = isOpenMetrics ? "target" : "target_info";
        text.Append($"# HELP {name} Which program tells all this.\n")
            .Append($"# TYPE {name} {(isOpenMetrics ? "info" : "gauge")}\n")
            .Append($"target_info{{service_name=\"openpresence\",service_version=\"{version}\"}} 1\n");
    }

    private void Write(MetricFamily family)
    {
        MetricSeries[] told = [.. family.All.Where(s => !family.IsObserved || s.IsFresh)];
        if (told.Length == 0)
        {
            return;
        }
        var name = NameOf(family.Instrument);
        var isCounter = family.Kind == MetricKind.Counter;
        // The two formats disagree on whether _total belongs to the name of the family.
        var head = isCounter && !isOpenMetrics ? name + "_total" : name;
        if (family.Instrument.Description is { Length: > 0 } help)
        {
            text.Append($"# HELP {head} ").Append(Escaped(help, isOpenMetrics)).Append('\n');
        }
        text.Append($"# TYPE {head} {family.Kind.ToString().ToLowerInvariant()}\n");
        if (isOpenMetrics && UnitOf(family.Instrument) is { Length: > 0 } unit)
        {
            text.Append($"# UNIT {head} {unit}\n");
        }
        foreach (var series in told)
        {
            if (family.Kind == MetricKind.Histogram)
            {
                WriteBuckets(name, family.Bounds, series);
            }
            else
            {
                WriteSample(name + (isCounter ? "_total" : ""), series, null, series.Value);
            }
        }
    }

    private void WriteBuckets(string name, double[] bounds, MetricSeries series)
    {
        var buckets = series.Buckets();
        long count = 0;
        for (var i = 0; i < buckets.Length; i++)
        {
            count += buckets[i];
            var bound = i < bounds.Length ? Number(bounds[i], isOpenMetrics) : "+Inf";
            WriteSample(name + "_bucket", series, bound, count);
        }
        WriteSample(name + "_sum", series, null, series.Sum);
        WriteSample(name + "_count", series, null, count);
    }

    private void WriteSample(string name, MetricSeries series, string? bound, double value)
    {
        text.Append(name);
        var separator = '{';
        foreach (var tag in series.Tags)
        {
            text.Append(separator);
            AppendLabel(tag.Key);
            text.Append("=\"").Append(Escaped($"{tag.Value}", areQuotesEscaped: true)).Append('"');
            separator = ',';
        }
        if (bound is not null)
        {
            text.Append(separator).Append("le=\"").Append(bound).Append('"');
            separator = ',';
        }
        text.Append(separator == ',' ? "} " : " ").Append(Number(value, false)).Append('\n');
    }

    private void AppendLabel(string key)
    {
        foreach (var letter in key)
        {
            text.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        }
    }

    private static string Escaped(string value, bool areQuotesEscaped)
    {
        var escaped = value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return areQuotesEscaped ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }

    private static string Number(double value, bool isCanonical)
    {
        var number = value.ToString("R", CultureInfo.InvariantCulture);
        return isCanonical && number.All(char.IsAsciiDigit) ? number + ".0" : number;
    }

    /// <summary>The unit as a suffix; what stands in braces says what is counted, and is no unit.</summary>
    private static string UnitOf(Instrument instrument) =>
        instrument.Unit switch
        {
            "s" => "seconds",
            "ms" => "milliseconds",
            "By" => "bytes",
            "Cel" => "celsius",
            "%" => "percent",
            _ => "",
        };
}
