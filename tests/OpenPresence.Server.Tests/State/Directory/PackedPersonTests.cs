using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public sealed class PackedPersonTests
{
    private static readonly Guid Tenant = Guid.Parse(RunningServer.DemoTenant);

    /// <summary>Every combination of what a person may have or not.</summary>
    public static TheoryData<int> Combinations => [.. Enumerable.Range(0, 1 << 8)];

    [Theory]
    [MemberData(nameof(Combinations))]
    public void A_row_says_what_the_person_says(int combination)
    {
        string? If(int bit, string text) => (combination & (1 << bit)) != 0 ? text : null;
        var person = new Person(
            Guid.NewGuid(),
            Tenant,
            "zoë@a.test",
            (combination & 1) != 0 ? "Zoë Ångström" : "Someone else"
        )
        {
            ExternalId = If(6, "00u1f96E"),
            GivenName = If(0, "Zoë"),
            Surname = If(0, "Ångström"),
            Mail = If(1, (combination & 4) != 0 ? "zoë@a.test" : "other@a.test"),
            JobTitle = If(2, "Engineer"),
            Department = If(3, "Sales"),
            OfficeLocation = If(4, "Berlin 1"),
            MobilePhone = If(5, "+49 30 5550"),
            BusinessPhones = If(6, "+49 30 1") is { } phone ? [phone, "+49 30 2"] : [],
            PreferredLanguage = If(7, "de-DE"),
            TimeZone = If(3, "Europe/Berlin") ?? "UTC",
            AccountEnabled = (combination & 32) != 0,
        };
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(new Tenant(Tenant, "A", ["a.test"])));
        directory.Apply(new PersonUpserted(person));

        var row = Assert.Single(directory.RowsOf(Tenant, from: ""));
        Assert.Equal(person, row.Unpack());
        Assert.Equal(person.UserPrincipalName, row.UserPrincipalName);
        Assert.Equal(person.DisplayName, row.DisplayName);
        Assert.Equal(person.GivenName, row.Text(PersonText.GivenName));
        Assert.Equal(person.Surname, row.Text(PersonText.Surname));
        Assert.Equal(person.Mail, row.Mail);
        Assert.Equal(person.JobTitle, row.Text(PersonText.JobTitle));
        Assert.Equal(person.Department, row.Text(PersonText.Department));
        Assert.Equal(person.OfficeLocation, row.Text(PersonText.OfficeLocation));
        Assert.Equal(person.MobilePhone, row.Text(PersonText.MobilePhone));
        Assert.Equal(person.PreferredLanguage, row.Text(PersonText.PreferredLanguage));
        Assert.Equal(person.AccountEnabled, row.AccountEnabled);
    }

    [Theory]
    [InlineData("", 1_000)]
    [InlineData("p0000@a.test", 1_000)]
    [InlineData("P0500@a.test", 500)]
    [InlineData("p0499a@a.test", 500)]
    [InlineData("p0999@a.test", 1)]
    [InlineData("p0999@a.tests", 0)]
    [InlineData("q", 0)]
    public void A_walk_begins_at_the_name_it_is_given(string from, int count)
    {
        var directory = new TenantDirectory();
        directory.Apply(new TenantUpserted(new Tenant(Tenant, "A", ["a.test"])));
        foreach (var number in Enumerable.Range(0, 1_000).OrderBy(n => n * 7919 % 1_000))
        {
            directory.Apply(
                new PersonUpserted(new Person(Guid.NewGuid(), Tenant, $"p{number:D4}@a.test", $"Person {number}"))
            );
        }
        var names = directory.RowsOf(Tenant, from).Select(row => row.UserPrincipalName).ToArray();
        Assert.Equal(count, names.Length);
        Assert.Equal(names.Order(StringComparer.Ordinal), names);
    }
}
