using System.Runtime.InteropServices;
using System.Text;

namespace OpenPresence.Bench;

/// <summary>The people of the benches: a number says who it is, without anything to look up.</summary>
public static class BenchIds
{
    /// <summary>The object id of one of them: the number through SplitMix64, twice.</summary>
    public static Guid Person(int number)
    {
        Span<ulong> halves = [Mix(2 * (ulong)number), Mix(2 * (ulong)number + 1)];
        return new Guid(MemoryMarshal.AsBytes(halves));
    }

    private static ulong Mix(ulong value)
    {
        value = (value + 1) * 0x9E3779B97F4A7C15;
        value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
        value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
        return value ^ (value >> 31);
    }
}

/// <summary>Requests of 650 random people: so many that their people do not stay in a cache together.</summary>
public sealed class BulkIds
{
    public const int PerRequest = 650;
    private const int Requests = 256;
    private const int Seed = 1;

    private readonly Guid[][] ids = new Guid[Requests][];
    private readonly byte[][] bodies = new byte[Requests][];
    private int last;

    public BulkIds(int people)
    {
        var random = new Random(Seed);
        for (var i = 0; i < Requests; i++)
        {
            ids[i] = new Guid[PerRequest];
            foreach (ref var id in ids[i].AsSpan())
            {
                id = BenchIds.Person(random.Next(people));
            }
            bodies[i] = Encoding.UTF8.GetBytes($"{{\"ids\":[\"{string.Join("\",\"", ids[i])}\"]}}");
        }
    }

    public IReadOnlyList<byte[]> Bodies => bodies;

    public Guid[] Next() => ids[last = (last + 1) % Requests];

    public byte[] NextBody() => bodies[last = (last + 1) % Requests];
}
