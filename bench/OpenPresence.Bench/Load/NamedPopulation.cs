using OpenPresence.Bench.People;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Two tenants of people with names and titles: a large one, and one that is just as small as a search may look at
/// from end to end.
/// </summary>
internal static class NamedPopulation
{
    /// <summary>Under UserSearch.PeopleVisitedMax, beyond which a search is refused.</summary>
    public const int SmallPeople = 24_000;

    public static readonly BenchTenant Large = new(Population.TenantId, Population.ClientId, "contoso.example");

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
        await StateImage.WriteAsync(
            Path.Combine(data, DataFolders.Journal),
            Entries(Large, 0, people).Concat(Entries(Small, people, SmallPeople)),
            cancel
        );
    }

    private static IEnumerable<byte[]> Entries(BenchTenant tenant, int first, int count)
    {
        foreach (var entry in tenant.Entries("User.Read.All"))
        {
            yield return entry;
        }
        for (var i = 0; i < count; i++)
        {
            yield return EntryPayload.Of(new PersonUpserted(SampledPeople.Of(first + i, tenant.Id)));
        }
    }
}

/// <summary>A tenant and the application that asks in it.</summary>
internal sealed record BenchTenant(Guid Id, Guid ClientId, string Domain)
{
    /// <summary>The entries that make both; the application signs in with <see cref="Population.ClientSecret"/>.</summary>
    public IEnumerable<byte[]> Entries(params string[] permissions)
    {
        yield return EntryPayload.Of(new TenantUpserted(new Tenant(Id, "Bench", [Domain])));
        yield return EntryPayload.Of(
            new ApplicationUpserted(
                new Application(ClientId, Id, "Bench")
                {
                    SecretHashes = [SecretHash.Hash(Population.ClientSecret)],
                    ApplicationPermissions = [.. permissions],
                }
            )
        );
    }
}
