using System.Security.Cryptography;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Board;
using OpenPresence.Server.Directory;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Fills a data directory with people, four of five with an application's session, through the journal as the
/// server itself would. Only the ids of the people are known; their pairs are those that do not fade, so
/// that nothing happens by itself while something is measured.
/// </summary>
public static class Population
{
    public static readonly Guid TenantId = new("aaaabbbb-0000-cccc-1111-dddd2222eeee");
    public static readonly Guid ClientId = new("00001111-aaaa-2222-bbbb-3333cccc4444");
    public const string ClientSecret = "demo-secret";

    /// <summary>Appends under way at once: enough to share a flush, few enough for the journal's queue.</summary>
    private const int AppendsUnderWay = 8_192;

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
    public static async Task EnsureAsync(string data, int people, CancellationToken cancel)
    {
        if (Directory.GetFileSystemEntries(data).Length == 0)
        {
            Console.WriteLine($"  writing {people:N0} people …");
            await WriteAsync(Path.Combine(data, ServerParts.JournalFolder), people, cancel);
        }
    }

    internal static async Task WriteAsync(
        string journalDirectory,
        int people,
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
        await using var node = await Node.StartAsync(
            journal,
            clock,
            new NodeSettings(),
            NullLogger.Instance,
            cancel
        );
        await node.ExecuteAsync(
            new TenantUpserted(new Tenant(TenantId, "Bench", ["contoso.example"]))
        );
        await node.ExecuteAsync(
            new ApplicationUpserted(
                new Application(ClientId, TenantId, "Bench")
                {
                    SecretHashes = [SecretHash.Hash(ClientSecret)],
                    ApplicationPermissions = ["Presence.Read.All", "Presence.ReadWrite.All"],
                }
            )
        );
        await AppendAsync(
            people,
            i => EntryPayload.Of(new PersonKnown(BenchIds.Person(i), TenantId))
        );
        await AppendAsync(people, SessionOf);
        // The mark that a seed was taken in: the server adds no demo tenant.
        await node.AppendAsync(EntryPayload.Seeded(SHA256.HashData("bench"u8)));

        async Task AppendAsync(int count, Func<int, byte[]?> payload)
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
    }

    private static byte[]? SessionOf(int number) =>
        Pairs[number % Pairs.Length] is { } pair
            ? EntryPayload.Of(
                BenchIds.Person(number),
                new SetPresence(ClientId, pair, SessionDuration)
            )
            : null;
}
