using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Bench.Board;
using OpenPresence.Engine;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Fills a data directory with people, four of five with an application's session. Only the ids of the people are known;
/// their pairs are those that do not fade, so that nothing happens by itself while something is measured.
/// </summary>
public static class Population
{
    public static readonly Guid TenantId = new("aaaabbbb-0000-cccc-1111-dddd2222eeee");
    public static readonly Guid ClientId = new("00001111-aaaa-2222-bbbb-3333cccc4444");
    public const string ClientSecret = "demo-secret";

    /// <summary>Appends under way at once: enough to share a flush, few enough for the journal's queue.</summary>
    private const int AppendsUnderWay = 8_192;

    /// <summary>
    /// As many as a start has to apply at most, with the one that is there already: one more, and there would be a newer
    /// snapshot.
    /// </summary>
    public static readonly int RenewalsAfterSnapshot = (int)new NodeSettings().SnapshotEveryEntries - 2;

    private static readonly TimeSpan SessionDuration = TimeSpan.FromHours(4);

    private static readonly PresencePair?[] Pairs =
    [
        null,
        new(Availability.Busy, Activity.InACall),
        new(Availability.Busy, Activity.InAConferenceCall),
        new(Availability.Away, Activity.Away),
        new(Availability.DoNotDisturb, Activity.Presenting),
    ];

    /// <summary>Fills a data directory, unless it holds something already.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="people">How many.</param>
    /// <param name="cancel">Ends it half-way.</param>
    /// <param name="renewals">Sessions that were renewed after the last snapshot, as a killed server leaves it.</param>
    public static async Task EnsureAsync(string data, int people, CancellationToken cancel, int renewals = 0)
    {
        if (Directory.GetFileSystemEntries(data).Length > 0)
        {
            return;
        }
        Console.WriteLine($"  writing {people:N0} people …");
        var journal = Path.Combine(data, DataFolders.Journal);
        await StateImage.WriteAsync(journal, Entries(people), cancel);
        if (renewals > 0)
        {
            await OpenAsync(
                journal,
                new() { SnapshotAtStopEntries = long.MaxValue },
                node => AppendAsync(node, renewals, i => RenewalOf(i, people), cancel),
                cancel
            );
        }
    }

    /// <summary>Does something with a node, which writes a snapshot at its end if it did much.</summary>
    private static async Task OpenAsync(
        string journalDirectory,
        NodeSettings settings,
        Func<Node, Task> act,
        CancellationToken cancel
    )
    {
        var clock = new NodeClock(TimeProvider.System);
        await using var journal = LocalJournal.Open(
            new LocalJournalOptions { Directory = journalDirectory },
            () => clock.Now,
            TimeProvider.System,
            NullLogger<LocalJournal>.Instance
        );
        await using var node = await Node.StartAsync(journal, clock, settings, NullLogger.Instance, cancel);
        await act(node);
    }

    /// <summary>Every entry of people, one after the other.</summary>
    internal static IEnumerable<byte[]> Entries(int people)
    {
        foreach (var entry in NamedPopulation.Large.Entries("Presence.Read.All", "Presence.ReadWrite.All"))
        {
            yield return entry;
        }
        for (var i = 0; i < people; i++)
        {
            yield return BoardEntries.KnownPayload(i);
        }
        for (var i = 0; i < people; i++)
        {
            if (SessionOf(i) is { } session)
            {
                yield return session;
            }
        }
    }

    private static async Task AppendAsync(Node node, int count, Func<int, byte[]?> payload, CancellationToken cancel)
    {
        var underWay = new List<Task>(AppendsUnderWay);
        for (var i = 0; i < count; i++)
        {
            if (payload(i) is { } bytes)
            {
                underWay.Add(node.AppendAsync(bytes).AsTask());
            }
            if (underWay.Count == AppendsUnderWay)
            {
                await Task.WhenAll(underWay).WaitAsync(cancel);
                underWay.Clear();
            }
        }
        await Task.WhenAll(underWay).WaitAsync(cancel);
    }

    /// <summary>Renewals of those who have a session, one after the other.</summary>
    private static byte[]? RenewalOf(int number, int people) =>
        SessionOf((number + number / (Pairs.Length - 1) + 1) % people);

    private static byte[]? SessionOf(int number) =>
        Pairs[number % Pairs.Length] is { } pair
            ? EntryPayload.Of(BenchIds.Person(number), new SetPresence(ClientId, pair, SessionDuration))
            : null;
}
