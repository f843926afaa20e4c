namespace OpenPresence.Bench;

/// <summary>One figure of a benchmark.</summary>
/// <param name="Name">Which; stable, scripts compare by it.</param>
/// <param name="Value">The median.</param>
/// <param name="Unit">Of the value.</param>
/// <param name="Ratio">The median of the ratios to a peer measured in turns with it; null: no peer.</param>
/// <param name="RatioTo">The peer.</param>
public sealed record BenchResult(string Name, double Value, string Unit, double? Ratio, string? RatioTo);
