using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The window of remembered ids beside the plainest thing that does the same: a list.</summary>
public sealed class CommandIdWindowTests
{
    private const int IdsMax = 50;
    private const int Seeds = 30;
    private const int StepsPerSeed = 400;

    [Fact]
    public void Knows_the_latest_ids_and_no_others_whatever_came_before()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            var (window, model) = Recalled(random);
            for (var step = 0; step < StepsPerSeed; step++)
            {
                Batch(random, window, model, seed);
            }
        }
    }

    /// <summary>A start with some entries; a log from before the limit was raised may hold an id twice.</summary>
    private static (CommandIdWindow Window, List<(Guid Id, long Position)> Model) Recalled(Random random)
    {
        var window = new CommandIdWindow(IdsMax);
        var recalled = new List<(Guid Id, long Position)>();
        for (var position = 1L; position <= random.Next(4 * IdsMax); position++)
        {
            var id = Id(random);
            window.Recall(id, position);
            recalled.Add((id, position));
        }
        window.EndRecall();
        var model = new List<(Guid Id, long Position)>();
        foreach (var entry in recalled.TakeLast(IdsMax).Where(e => IndexOf(model, e.Id) < 0))
        {
            model.Add(entry);
        }
        return (window, model);
    }

    /// <summary>Some claims at once; now and then they are not written after all.</summary>
    private static void Batch(Random random, CommandIdWindow window, List<(Guid Id, long Position)> model, int seed)
    {
        var before = model.ToArray();
        for (var claims = random.Next(1, 10); claims > 0; claims--)
        {
            var (id, position) = (Id(random), random.NextInt64(1_000, long.MaxValue));
            var at = IndexOf(model, id);
            var isNew = window.TryClaim(id, position, out var known);
            Assert.True(isNew == at < 0, $"seed {seed}: an id is new that is known, or not");
            Assert.Equal(isNew ? position : model[at].Position, known);
            if (isNew)
            {
                model.Add((id, position));
            }
        }
        if (random.Next(4) == 0)
        {
            window.Release();
            model.Clear();
            model.AddRange(before);
            return;
        }
        window.Confirm();
        model.RemoveRange(0, Math.Max(0, model.Count - IdsMax));
    }

    private static int IndexOf(List<(Guid Id, long Position)> model, Guid id) =>
        model.FindIndex(entry => entry.Id == id);

    private static Guid Id(Random random) => new(random.Next(3 * IdsMax), 1, 2, new byte[8]);
}
