using System.Collections.Immutable;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>
/// The tenants of a seed, each with its applications and people inside. All applications are read before the
/// first person: a person's session may be an application's of any tenant.
/// </summary>
internal static class SeedTenants
{
    public const int DomainsMax = 100;
    public const int ApplicationsMax = 10_000;
    public const int PeopleMax = 1_000_000;
    public const int NameCharsMax = 256;

    private readonly record struct Opened(Tenant Tenant, JsoncMembers Members);

    public static void Read(SeedReading reading, IReadOnlyList<JsoncValue> tenants)
    {
        var opened = tenants.Select(value => ReadTenant(reading, value)).ToArray();
        foreach (var (tenant, members) in opened)
        {
            foreach (var application in members.Items("applications", ApplicationsMax))
            {
                SeedApplications.Read(reading, tenant, application);
            }
        }

        foreach (var (tenant, members) in opened)
        {
            foreach (var person in members.Items("people", PeopleMax))
            {
                SeedPeople.Read(reading, tenant, person);
            }

            foreach (var (value, text) in members.Texts("ids", PeopleMax, SeedPeople.IdChars))
            {
                if (reading.IdOf(value, text) is { } id)
                {
                    reading.TryTake("person id", id.ToString(), value);
                    reading.Directory.Add(new PersonKnown(id, tenant.Id));
                }
            }

            members.Done();
        }
    }

    private static Opened ReadTenant(SeedReading reading, JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var id = reading.TakeId(members, "id", "tenant id");
        var displayName = members.RequiredText("displayName", NameCharsMax);
        var tenant = new Tenant(id, displayName, ReadDomains(reading, members));
        reading.Directory.Add(new TenantUpserted(tenant));
        return new Opened(tenant, members);
    }

    private static ImmutableArray<string> ReadDomains(SeedReading reading, JsoncMembers members)
    {
        var domains = ImmutableArray.CreateBuilder<string>();
        foreach (var (value, text) in members.Texts("domains", DomainsMax, NameCharsMax))
        {
            // Host names are also what a path segment may hold in place of a tenant's id.
            if (Uri.CheckHostName(text) != UriHostNameType.Dns || !text.All(char.IsAscii))
            {
                reading.Report(value, $"'{text}' is no domain name.");
            }
            else if (reading.TryTake("domain", text.ToLowerInvariant(), value))
            {
                domains.Add(text);
            }
        }

        if (members.Required("domains") is { Items.IsEmpty: true } empty)
        {
            reading.Report(empty, "Needs at least one domain name, the default one first.");
        }

        return domains.DrainToImmutable();
    }
}
