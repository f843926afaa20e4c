using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>What a seed makes of one person's presence.</summary>
public readonly record struct SeededPresence(Guid PersonId, PresenceCommand Command);

/// <summary>
/// What an empty server begins with, ready to be journalled in this order: first the directory, then
/// presence. Relative times of the file have become instants, plain secrets have become hashes.
/// </summary>
public sealed record SeededState(ImmutableArray<DirectoryChange> Directory, ImmutableArray<SeededPresence> Presence)
{
    /// <summary>The photos of people whom <see cref="Directory"/> holds.</summary>
    public ImmutableArray<SeededPhoto> Photos { get; init; } = [];

    /// <summary>The name of the built-in demo seed, in faults and in the assembly.</summary>
    public const string DemoName = "demo.seed.jsonc";

    /// <summary>The demo tenant that a development server begins with.</summary>
    /// <param name="at">Now; the file's relative times count from here.</param>
    public static SeededState Demo(Instant at)
    {
        using var stream = typeof(SeededState).Assembly.GetManifestResourceStream(DemoName)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        var faults = new List<JsoncFault>();
        return SeedFile.Read(bytes, at, faults) ?? throw new InvalidDataException($"{DemoName}{faults[0]}");
    }
}
