using System.Text;

namespace OpenPresence.Bench;

/// <summary>The people of the benches: who stands where is known without asking.</summary>
public static class BenchIds
{
    /// <summary>The object id of one of them.</summary>
    public static Guid Person(int number) => throw new NotSupportedException($"{number}");
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
