using System.Text.Json;

namespace OpenPresence.Bench.Report;

/// <summary>
/// <c>--check FILE</c>: whether what was measured is as good as what is recorded. A machine that measures is never quite
/// quiet, so each figure may be worse by its tolerance; what is better is no news here.
/// </summary>
internal static class Check
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <summary>Prints what is worse; how much of it there is. What was not measured is not judged.</summary>
    public static int Against(string file, IReadOnlyList<BenchResult> results)
    {
        var recorded = JsonSerializer.Deserialize<Recorded[]>(File.ReadAllText(file), Json)!;
        var measured = results.ToDictionary(r => r.Name, StringComparer.Ordinal);
        var (judged, worse) = (0, 0);
        foreach (var was in recorded)
        {
            if (!measured.TryGetValue(was.Name, out var now))
            {
                continue;
            }
            var figure = was.IsOfRatio
                ? now.Ratio ?? throw new InvalidDataException($"{was.Name} has no ratio")
                : now.Value;
            judged++;
            if (was.IsWorse(figure))
            {
                worse++;
                Console.WriteLine(
                    $"WORSE {was.Name}: {figure:0.###}, recorded {was.Figure:0.###}, tolerance {was.Tolerance:P0}"
                );
            }
        }
        Console.WriteLine($"{judged} of {recorded.Length} recorded figures judged, {worse} worse");
        return judged == 0 ? 1 : worse;
    }

    /// <summary>One line of the file.</summary>
    private sealed record Recorded
    {
        public required string Name { get; init; }

        /// <summary>What it was.</summary>
        public required double Figure { get; init; }

        /// <summary><c>ratio</c>, or <c>value</c> for what has none and depends little on the machine.</summary>
        public required string Of { get; init; }

        /// <summary><c>higher</c> or <c>lower</c>.</summary>
        public required string Better { get; init; }

        /// <summary>How much worse it may be, as a part of itself.</summary>
        public required double Tolerance { get; init; }

        public bool IsOfRatio => Of == "ratio";

        public bool IsWorse(double now) =>
            Better == "higher" ? now < Figure * (1 - Tolerance) : now > Figure * (1 + Tolerance);
    }
}
