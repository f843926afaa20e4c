using System.Security.Cryptography;
using OpenPresence.Bench.People;
using OpenPresence.Server.Board;
using OpenPresence.Server.Directory;
using OpenPresence.Server.Hosting;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Two tenants of people with names and titles: a large one, and one that is just as small as a search may look at
/// from end to end.
/// </summary>
internal static class NamedPopulation
{
    /// <summary>Under UserSearch.PeopleVisitedMax, beyond which a search is refused.</summary>
    public const int SmallPeople = 24_000;

    public static readonly BenchTenant Large = new(
        Population.TenantId,
        Population.ClientId,
        "contoso.example"
    );

    public static readonly BenchTenant Small = new(
        new("bbbbcccc-1111-dddd-2222-eeee3333ffff"),
        new("22223333-cccc-4444-dddd-5555eeee6666"),
        "fabrikam.example"
    );

    /// <summary>Fills a data directory, unless it holds something already.</summary>
    public static async Task EnsureAsync(string data, int people, CancellationToken cancel)
    {
        if (Directory.GetFileSystemEntries(data).Length > 0)
        {
            return;
        }
        Console.WriteLine($"  writing {people:N0} people with names …");
        await Population.OpenAsync(
            Path.Combine(data, ServerParts.JournalFolder),
            new(),
            async node =>
            {
                await FillAsync(node, Large, 0, people, cancel);
                await FillAsync(node, Small, people, SmallPeople, cancel);
                await node.AppendAsync(EntryPayload.Seeded(SHA256.HashData("bench"u8)));
            },
            cancel
        );
    }

    private static async Task FillAsync(
        Node node,
        BenchTenant tenant,
        int first,
        int count,
        CancellationToken cancel
    )
    {
        await node.ExecuteAsync(
            new TenantUpserted(new Tenant(tenant.Id, "Bench", [tenant.Domain]))
        );
        await node.ExecuteAsync(
            new ApplicationUpserted(
                new Application(tenant.ClientId, tenant.Id, "Bench")
                {
                    SecretHashes = [SecretHash.Hash(Population.ClientSecret)],
                    ApplicationPermissions = ["User.Read.All"],
                }
            )
        );
        await Population.AppendAsync(
            node,
            count,
            number =>
                EntryPayload.Of(new PersonUpserted(SampledPeople.Of(first + number, tenant.Id))),
            cancel
        );
    }
}

/// <summary>A tenant and the application that asks in it.</summary>
internal sealed record BenchTenant(Guid Id, Guid ClientId, string Domain);
