using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenPresence.Server.Tests.Telemetry;

/// <summary>A sample of a scrape.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>Reads what is scraped by the rules of the formats, and by nothing of ours; a line that is none is a fault.</summary>
internal sealed partial class Exposition
{
    private readonly Dictionary<string, string> types = new(StringComparer.Ordinal);

    public Exposition(string text)
    {
        Assert.EndsWith("\n", text);
        foreach (var line in text[..^1].Split('\n'))
        {
            if (Head().Match(line) is { Success: true } head)
            {
                if (head.Groups["what"].Value == "TYPE")
                {
                    Assert.True(types.TryAdd(head.Groups["name"].Value, head.Groups["rest"].Value));
                }
                continue;
            }
            if (line == "# EOF")
            {
                HasEnd = true;
                continue;
            }
            Assert.False(HasEnd, line);
            var sample = Line().Match(line);
            Assert.True(sample.Success, line);
            var labels = Label()
                .Matches(sample.Groups["labels"].Value)
                .ToDictionary(
                    label => label.Groups["key"].Value,
                    label => Regex.Unescape(label.Groups["value"].Value),
                    StringComparer.Ordinal
                );
            Samples.Add(
                new(
                    sample.Groups["name"].Value,
                    labels,
                    double.Parse(sample.Groups["value"].Value, CultureInfo.InvariantCulture)
                )
            );
        }
    }

    public bool HasEnd { get; }

    public List<Sample> Samples { get; } = [];

    /// <summary>The families, by what they are.</summary>
    public IReadOnlyDictionary<string, string> Types => types;

    /// <summary>The only sample of a name with these labels.</summary>
    public double Value(string name, params (string Key, string Value)[] labels) =>
        Assert
            .Single(
                Samples,
                sample =>
                    sample.Name == name
                    && labels.All(label => sample.Labels.GetValueOrDefault(label.Key) == label.Value)
            )
            .Value;

    [GeneratedRegex(@"^# (?<what>HELP|TYPE|UNIT) (?<name>[a-zA-Z_][a-zA-Z0-9_]*) (?<rest>.+)$")]
    private static partial Regex Head();

    [GeneratedRegex(
        @"^(?<name>[a-zA-Z_][a-zA-Z0-9_]*)(?:\{(?<labels>(?:[a-zA-Z_][a-zA-Z0-9_]*=""(?:[^""\\\n]|\\[\\n""])*"",?)+)\})? (?<value>[-+0-9.eE]+|NaN)$"
    )]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<key>[a-zA-Z_][a-zA-Z0-9_]*)=""(?<value>(?:[^""\\]|\\.)*)""")]
    private static partial Regex Label();
}
