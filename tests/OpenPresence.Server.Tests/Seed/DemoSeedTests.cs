using OpenPresence.Engine;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer.Clients;
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

    /// <summary>Where the documentation of each framework has its answers sent.</summary>
    [Theory]
    [InlineData("http://localhost:5000/signin-oidc")]
    [InlineData("https://localhost:7001/signin-oidc")]
    [InlineData("https://localhost:7001/signin-microsoft")]
    [InlineData("http://localhost:8080/login/oauth2/code/azure")]
    [InlineData("http://localhost:8080/login/oauth2/code/")]
    [InlineData("http://localhost:3000/auth/openid/return")]
    [InlineData("http://localhost:3000/auth/redirect")]
    [InlineData("http://localhost:3000/redirect")]
    [InlineData("http://localhost:4180/oauth2/callback")]
    [InlineData("http://localhost:5000/getAToken")]
    [InlineData("http://localhost:3000/api/auth/callback/azure-ad")]
    [InlineData("http://localhost:3000/api/auth/callback/microsoft-entra-id")]
    [InlineData("http://localhost:3000/api/auth/callback/microsoft")]
    [InlineData("http://localhost:8000/accounts/microsoft/login/callback/")]
    [InlineData("http://localhost:8000/complete/azuread-oauth2/")]
    [InlineData("http://localhost:8000/oidc/callback/")]
    [InlineData("http://localhost:3000/auth/entra_id/callback")]
    [InlineData("http://localhost:3000/.auth/login/aad/callback")]
    [InlineData("http://localhost:9999")]
    [InlineData("http://127.0.0.1:9999")]
    public void Its_application_takes_answers_where_the_usual_frameworks_want_them(string redirectUri) =>
        Assert.True(RedirectUris.Matches(ApplicationOf("00001111-aaaa-2222-bbbb-3333cccc4444"), redirectUri));

    [Theory]
    [InlineData("http://localhost:5173")]
    [InlineData("http://127.0.0.1:8400/")]
    [InlineData("http://localhost:5173/redirect")]
    [InlineData("http://localhost:5173/auth/callback")]
    [InlineData("http://localhost:5173/redirect.html")]
    public void Its_public_client_takes_them_where_pages_and_desks_want_them(string redirectUri) =>
        Assert.True(RedirectUris.Matches(ApplicationOf("11112222-bbbb-3333-cccc-4444dddd5555"), redirectUri));

    [Theory]
    [InlineData("http://localhost:5000/signin-oidc/more")]
    [InlineData("http://localhost:5000/Signin-Oidc")]
    [InlineData("http://app.contoso.example/signin-oidc")]
    public void Neither_takes_them_anywhere_else(string redirectUri)
    {
        foreach (
            var clientId in (string[])["00001111-aaaa-2222-bbbb-3333cccc4444", "11112222-bbbb-3333-cccc-4444dddd5555"]
        )
        {
            Assert.False(RedirectUris.Matches(ApplicationOf(clientId), redirectUri));
        }
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
