using OpenPresence.Engine;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Seed;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Seed;

/// <summary>The demo tenant: what scripts and the documentation rely on.</summary>
public class DemoSeedTests
{
    private static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 21, 9, 30, 0, TimeSpan.Zero));
    private static readonly SeededState Demo = SeededState.Demo(Now);
    private static readonly TenantDirectory Directory = Applied();

    [Fact]
    public void The_tenant_is_the_one_that_scripts_rely_on()
    {
        Assert.True(Directory.TryGetTenant("contoso.example", out var tenant));
        Assert.Equal(Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee"), tenant.Id);
    }

    [Fact]
    public void Its_application_has_the_known_secret_and_every_application_permission()
    {
        var application = ApplicationOf("00001111-aaaa-2222-bbbb-3333cccc4444");

        Assert.False(application.IsPublicClient);
        Assert.True(SecretHash.Verify("demo-secret", Assert.Single(application.SecretHashes)));
        Assert.Equal(
            PermissionTable
                .Built.Permissions.Values.Where(p => p.ApplicationId is not null)
                .Select(p => p.Name)
                .Order(StringComparer.Ordinal),
            application.ApplicationPermissions
        );
    }

    [Fact]
    public void Its_public_client_has_every_delegated_permission_and_loopback_redirects()
    {
        var application = ApplicationOf("11112222-bbbb-3333-cccc-4444dddd5555");

        Assert.True(application.IsPublicClient);
        Assert.Contains("http://localhost", application.RedirectUris);
        Assert.Equal(
            PermissionTable
                .Built.Permissions.Values.Where(p => p.DelegatedId is not null)
                .Select(p => p.Name)
                .Order(StringComparer.Ordinal),
            application.DelegatedScopes
        );
    }

    [Theory]
    [InlineData("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "Busy/InAMeeting")]
    [InlineData("66825e03-7ef5-42da-9069-724602c31f6b", "DoNotDisturb/Presenting")]
    [InlineData("dc74d9bb-6afe-433d-8eaa-e39d80d3a647", "Away/BeRightBack")]
    public void The_people_of_the_documentation_hold_their_pair_for_ever(string id, string pair)
    {
        var commands = Demo.Presence.Where(p => p.PersonId == Guid.Parse(id)).ToArray();

        var device = Assert.IsType<ReportDevice>(Assert.Single(commands).Command);
        Assert.Equal(pair, device.Pair.ToString());
        Assert.Equal(SeedPresence.Forever, device.Duration);
    }

    [Fact]
    public void A_dozen_people_and_more_have_names_that_belong_together()
    {
        var people = Directory.PeopleOf(Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee")).ToArray();

        Assert.InRange(people.Length, 12, 20);
        Assert.All(people, p => Assert.Equal($"{p.GivenName} {p.Surname}", p.DisplayName));
        Assert.All(people, p => Assert.Equal(p.UserPrincipalName, p.Mail));
        Assert.Single(people, p => !p.AccountEnabled);
    }

    private static Application ApplicationOf(string clientId)
    {
        Assert.True(Directory.TryGetApplication(Guid.Parse(clientId), out var application));
        return application;
    }

    private static TenantDirectory Applied()
    {
        var directory = new TenantDirectory();
        foreach (var change in Demo.Directory)
        {
            Assert.Equal(DirectoryOutcome.Done, directory.Apply(change));
        }

        return directory;
    }
}
