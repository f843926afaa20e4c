using System.Globalization;

namespace OpenPresence.Bench;

/// <summary>What a run is asked for.</summary>
public sealed record BenchOptions
{
    /// <summary>The suites to run; none: all.</summary>
    public IReadOnlyList<string> Suites { get; private init; } = [];

    /// <summary>The published server.</summary>
    public string ServerDll { get; init; } = "artifacts/server/OpenPresence.Server.dll";

    /// <summary>The same without code that was compiled ahead; only what starts it asks for it.</summary>
    public string PlainServerDll { get; private init; } = "artifacts/server-plain/OpenPresence.Server.dll";

    /// <summary>Recorded figures to compare with; null: none.</summary>
    public string? Recorded { get; private init; }

    /// <summary>Where the picture of the curves goes; null: nowhere.</summary>
    public string? Picture { get; private init; }

    /// <summary>How long the mixed load goes on.</summary>
    public double Minutes { get; private init; } = 0.5;

    /// <summary>Where bench.json goes.</summary>
    public string OutputDirectory { get; private init; } = "artifacts";

    /// <summary>Where people and requests are kept for the next run; null: nowhere.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>How many people the server holds.</summary>
    public int People { get; private init; } = 1_000_000;

    /// <summary>Rounds A B B A of each case.</summary>
    public int Rounds { get; init; } = 3;

    /// <summary>Rounds of a case that states no bar, for there are many of those: a third.</summary>
    public int RoundsWithoutBar => Math.Max(1, Rounds / 3);

    /// <summary>Reads the command line; a word that is no option names a suite.</summary>
    public static BenchOptions Parse(IReadOnlyList<string> args)
    {
        var options = new BenchOptions();
        for (var i = 0; i < args.Count; i++)
        {
            options = args[i] switch
            {
                "--server" => options with { ServerDll = args[++i] },
                "--check" => options with { Recorded = args[++i] },
                "--picture" => options with { Picture = args[++i] },
                "--minutes" => options with { Minutes = double.Parse(args[++i], CultureInfo.InvariantCulture) },
                "--data" => options with { DataDirectory = args[++i] },
                "--out" => options with { OutputDirectory = args[++i] },
                "--people" => options with { People = int.Parse(args[++i]) },
                "--rounds" => options with { Rounds = int.Parse(args[++i]) },
                ['-', ..] => throw new ArgumentException($"unknown option {args[i]}", nameof(args)),
                var suite => options with { Suites = [.. options.Suites, suite] },
            };
        }

        return options;
    }
}
