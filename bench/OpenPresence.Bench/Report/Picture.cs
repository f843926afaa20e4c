using System.Globalization;
using System.Text;

namespace OpenPresence.Bench.Report;

/// <summary>
/// Draws the curves as an SVG: what a read costs the server in processor time, beside what the ceiling costs, as the work
/// grows. Of processor time and not of requests a second, because that holds on a machine that is busy with other things.
/// </summary>
internal static class Picture
{
    private const int Columns = 2;
    private const int PanelWidth = 400;
    private const int PanelHeight = 200;
    private const int Left = 56;
    private const int Right = 24;
    private const int Top = 44;
    private const int Bottom = 36;

    private static readonly int[] Steps = [1, 2, 5, 10];

    private static readonly (string Title, string Prefix)[] Panels =
    [
        ("one presence, by people", "single-people-"),
        ("650 presences, by people", "bulk-650-people-"),
        ("one presence, by connections", "single-connections-"),
        ("650 presences, by connections", "bulk-650-connections-"),
        ("one presence, by tokens", "single-tokens-"),
    ];

    /// <summary>The picture of those panels for which there are figures.</summary>
    public static string Of(IReadOnlyList<BenchResult> results)
    {
        var drawn = Panels
            .Select(panel => (panel.Title, Points: PointsOf(results, panel.Prefix)))
            .Where(panel => panel.Points.Count > 1)
            .ToArray();
        var rows = (drawn.Length + Columns - 1) / Columns;
        var svg = new StringBuilder();
        Add(
            svg,
            $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {Columns * PanelWidth} {rows * PanelHeight + 28}' role='img'>"
        );
        Add(svg, $"<title>Processor time of a read as the work grows</title>");
        Add(
            svg,
            $"<style>text{{font:12px system-ui,sans-serif;fill:#24292f}}.t{{font-weight:600}}.a{{fill:#6e7781}}.g{{stroke:#d0d7de}}.s{{stroke:#0f6cbd;fill:none;stroke-width:2.5}}.c{{stroke:#8a8886;fill:none;stroke-width:2;stroke-dasharray:5 4}}.d{{fill:#0f6cbd}}@media(prefers-color-scheme:dark){{text{{fill:#e6edf3}}.a{{fill:#9198a1}}.g{{stroke:#3d444d}}.s{{stroke:#62abf5}}.d{{fill:#62abf5}}}}</style>"
        );
        for (var i = 0; i < drawn.Length; i++)
        {
            Add(svg, $"<g transform='translate({i % Columns * PanelWidth} {i / Columns * PanelHeight})'>");
            Draw(svg, drawn[i].Title, drawn[i].Points);
            Add(svg, $"</g>");
        }
        var legend = rows * PanelHeight + 12;
        Add(svg, $"<path class='s' d='M56 {legend}h28'/><text x='90' y='{legend + 4}'>OpenPresence</text>");
        Add(
            svg,
            $"<path class='c' d='M200 {legend}h28'/><text x='234' y='{legend + 4}'>the ceiling: the same Kestrel with a prepared answer</text>"
        );
        Add(svg, $"</svg>");
        return svg.ToString();
    }

    /// <summary>What the last part of the names counts, the server's time and the ceiling's.</summary>
    private static List<(double X, double Ours, double Ceiling)> PointsOf(
        IReadOnlyList<BenchResult> results,
        string prefix
    ) =>
        [
            .. results
                .Where(result =>
                    result.Ratio is not null
                    && result.Name.StartsWith(prefix, StringComparison.Ordinal)
                    && result.Name.EndsWith("-cpu", StringComparison.Ordinal)
                )
                .Select(result =>
                    (
                        double.Parse(result.Name[prefix.Length..^"-cpu".Length], CultureInfo.InvariantCulture),
                        result.Value,
                        result.Value * result.Ratio!.Value
                    )
                )
                .OrderBy(point => point.Item1),
        ];

    private static void Draw(StringBuilder svg, string title, List<(double X, double Ours, double Ceiling)> points)
    {
        var top = Nice(points.Max(p => Math.Max(p.Ours, p.Ceiling)));
        var (width, height) = (PanelWidth - Left - Right, PanelHeight - Top - Bottom);
        // Each point is so many times the one before it: even steps show that best.
        double X(int index) => Left + width * (double)index / (points.Count - 1);
        double Y(double value) => Top + height * (1 - value / top);
        Add(svg, $"<text class='t' x='{Left}' y='22'>{title}</text>");
        foreach (var part in new[] { 0, 0.5, 1 })
        {
            var y = Y(part * top);
            Add(svg, $"<path class='g' d='M{Left} {y:0.#}h{width}'/>");
            Add(svg, $"<text class='a' x='{Left - 6}' y='{y + 4:0.#}' text-anchor='end'>{part * top:0.#} µs</text>");
        }
        for (var i = 0; i < points.Count; i++)
        {
            Add(
                svg,
                $"<text class='a' x='{X(i):0.#}' y='{PanelHeight - Bottom + 18}' text-anchor='middle'>{points[i].X:#,0}</text>"
            );
        }
        Line(svg, "c", points.Select((p, i) => (X(i), Y(p.Ceiling))));
        Line(svg, "s", points.Select((p, i) => (X(i), Y(p.Ours))));
        for (var i = 0; i < points.Count; i++)
        {
            Add(svg, $"<circle class='d' cx='{X(i):0.#}' cy='{Y(points[i].Ours):0.#}' r='3.5'/>");
        }
    }

    private static void Line(StringBuilder svg, string style, IEnumerable<(double X, double Y)> at)
    {
        var path = string.Join(
            'L',
            at.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#} {p.Y:0.#}"))
        );
        Add(svg, $"<path class='{style}' d='M{path}'/>");
    }

    /// <summary>The next of 1, 2, 5, 10, …</summary>
    private static double Nice(double value)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        return Steps.Select(step => step * power).First(step => step >= value);
    }

    private static void Add(StringBuilder svg, FormattableString line) =>
        svg.AppendLine(line.ToString(CultureInfo.InvariantCulture));
}
