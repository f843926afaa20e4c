using OpenPresence.Server.Jsonc;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Seed;

/// <summary>The people of a tenant: the directory's attributes here, presence in <see cref="SeedPresence"/>.</summary>
internal static class SeedPeople
{
    public const int IdChars = 36;

    public static void Read(SeedReading reading, Tenant tenant, JsoncValue value)
    {
        var members = reading.MembersOf(value);
        var id = reading.TakeId(members, "id", "person id");
        var name = ReadUserPrincipalName(reading, tenant, members);
        var displayName = members.RequiredText("displayName", PersonLimits.DisplayNameCharsMax);
        var timeZone = members.Text("timeZone", PersonLimits.TimeZoneCharsMax);
        if (timeZone is not null)
        {
            reading.CheckTimeZone(members.Any("timeZone")!);
        }

        var person = new Person(id, tenant.Id, name, displayName)
        {
            GivenName = members.Text("givenName", PersonLimits.NameCharsMax),
            Surname = members.Text("surname", PersonLimits.NameCharsMax),
            Mail = members.Text("mail", PersonLimits.UserPrincipalNameCharsMax),
            JobTitle = members.Text("jobTitle", PersonLimits.JobTitleCharsMax),
            Department = members.Text("department", PersonLimits.DepartmentCharsMax),
            OfficeLocation = members.Text("officeLocation", PersonLimits.OfficeLocationCharsMax),
            MobilePhone = members.Text("mobilePhone", PersonLimits.PhoneCharsMax),
            BusinessPhones =
            [
                .. members
                    .Texts("businessPhones", PersonLimits.BusinessPhonesMax, PersonLimits.PhoneCharsMax)
                    .Select(phone => phone.Text),
            ],
            PreferredLanguage = members.Text("preferredLanguage", PersonLimits.LanguageCharsMax),
            TimeZone = timeZone ?? "UTC",
            AccountEnabled = members.Flag("accountEnabled", otherwise: true),
        };
        reading.Directory.Add(new PersonUpserted(person));
        if (members.Text("photo", SeedPhotos.NameCharsMax) is { } photo)
        {
            SeedPhotos.Read(reading, person, members.Any("photo")!, photo);
        }

        if (members.Any("presence") is { } presence)
        {
            new SeedPresence(reading, person).Read(presence);
        }

        members.Done();
    }

    private static string ReadUserPrincipalName(SeedReading reading, Tenant tenant, JsoncMembers members)
    {
        const string member = "userPrincipalName";
        var name = members.RequiredText(member, PersonLimits.UserPrincipalNameCharsMax);
        if (name.Length == 0)
        {
            return name;
        }

        var value = members.Any(member)!;
        var at = name.LastIndexOf('@');
        if (at <= 0 || name.Any(char.IsWhiteSpace))
        {
            reading.Report(value, $"'{name}' is no sign-in name such as name@{DomainOf(tenant)}.");
        }
        else if (!tenant.Domains.Contains(name[(at + 1)..], AsciiCaseComparer.Instance))
        {
            reading.Report(value, $"'{name[(at + 1)..]}' is none of the tenant's domains.");
        }
        else
        {
            reading.TryTake("user principal name", name.ToLowerInvariant(), value);
        }

        return name;
    }

    private static string DomainOf(Tenant tenant) => tenant.Domains.IsEmpty ? "contoso.example" : tenant.Domains[0];
}
