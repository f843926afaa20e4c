using System.Globalization;
using System.Text;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>
/// The power is cut before every single operation of a life with appends, new segments, snapshots and trimming;
/// and again while the next start repairs what the first cut left.
/// </summary>
public sealed class PowerCutTests
{
    private const int Appends = 40;
    private const int SnapshotEvery = 8;
    private const int RepairCuts = 4;

    [Theory]
    [InlineData(Leftovers.Nothing)]
    [InlineData(Leftovers.Everything)]
    [InlineData(Leftovers.Some)]
    public async Task Every_acknowledged_entry_survives_a_cut_at_any_operation(Leftovers leftovers)
    {
        var whole = new MemoryDisk();
        _ = await LiveAsync(whole);
        Assert.True(whole.Operations > 2 * Appends);
        for (var cut = 0; cut <= whole.Operations; cut++)
        {
            var disk = new MemoryDisk { CutBefore = cut };
            var acknowledged = await LiveAsync(disk);
            await AssertSurvivesAsync(disk, leftovers, acknowledged, seed: cut);
        }
    }

    [Fact]
    public async Task A_start_that_is_itself_cut_off_repairs_as_well_the_next_time()
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var disk = new MemoryDisk { CutBefore = 20 + random.Next(150) };
            var acknowledged = await LiveAsync(disk);
            for (var repair = 0; repair < RepairCuts; repair++)
            {
                disk = disk.AfterPowerCut(Leftovers.Some, random);
                disk.CutBefore = random.Next(6);
                await TryToStartAsync(disk);
            }

            await AssertSurvivesAsync(disk, Leftovers.Some, acknowledged, seed);
        }
    }

    private static async Task TryToStartAsync(MemoryDisk disk)
    {
        try
        {
            await using var journal = JournalSteps.Open(disk);
        }
        catch (IOException)
        {
            // The power went off while it started; the caller looks at what is left.
        }
    }

    /// <summary>A journal's life until it ends or the power goes off; returns what was acknowledged.</summary>
    private static async Task<List<string>> LiveAsync(MemoryDisk disk)
    {
        var acknowledged = new List<string>();
        try
        {
            await using var journal = JournalSteps.Open(disk, Options);
            for (var i = 1; i <= Appends; i++)
            {
                var text = TextOf(i);
                Assert.Equal(i, await journal.AppendAsync(text));
                acknowledged.Add(text);
                if (i % SnapshotEvery == 0)
                {
                    await journal.SnapshotAsync(i - 1, StateAt(i - 1));
                }
            }
        }
        catch (Exception e) when (e is IOException or JournalUnavailableException)
        {
            // The power is off.
        }

        return acknowledged;
    }

    private static async Task AssertSurvivesAsync(
        MemoryDisk disk,
        Leftovers leftovers,
        List<string> acknowledged,
        int seed
    )
    {
        var after = disk.AfterPowerCut(leftovers, new Random(seed));
        await using var journal = JournalSteps.Open(after, Options);
        var snapshot = await journal.ReadSnapshotAsync();
        var position = snapshot?.Position ?? 0;
        if (snapshot is not null)
        {
            Assert.Equal(StateAt(position), snapshot.Value.Text);
        }

        var texts = await journal.ReadTextsAsync(position);
        var total = position + texts.Count;
        var told = $"cut before {disk.CutBefore}, {leftovers}, seed {seed}";
        Assert.True(total >= acknowledged.Count, $"Lost: {told}");
        Assert.True(total <= acknowledged.Count + 1, $"Invented: {told}");
        Assert.Equal(Enumerable.Range((int)position + 1, texts.Count).Select(TextOf), texts);
        Assert.Equal(total + 1, await journal.AppendAsync("goes on"));
    }

    private static OpenPresence.Server.Journal.Local.LocalJournalOptions Options =>
        JournalSteps.Small with
        {
            CommandIdsKept = 4,
        };

    private static string TextOf(int position) => position.ToString(CultureInfo.InvariantCulture).PadRight(1500, '.');

    private static string StateAt(long position) => new StringBuilder().Insert(0, $"{position};", 300).ToString();
}
