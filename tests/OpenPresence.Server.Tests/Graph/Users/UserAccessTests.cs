using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Graph.Users;

/// <summary>How much of whom the permissions of a caller show, and how much can be asked.</summary>
public sealed class UserAccessTests(DemoDirectory demo) : IClassFixture<DemoDirectory>
{
    private const string Own = RunningServer.Someone;
    private const string Other = "66825e03-7ef5-42da-9069-724602c31f6b";
    private const string OthersName = "jonas.okafor@contoso.example";

    [Theory]
    [InlineData("$filter=jobTitle eq 'Counsel'", "jobTitle")]
    [InlineData("$filter=accountEnabled eq true", "accountEnabled")]
    [InlineData("$filter=not(department eq 'Legal')", "department")]
    [InlineData("$filter=surname eq 'Kim' or (givenName eq 'x' and officeLocation in ('x'))", "officeLocation")]
    [InlineData("$orderby=department", "department")]
    [InlineData("$search=\"jobTitle:counsel\"", "jobTitle")]
    public async Task The_basic_profile_answers_no_question_about_what_it_hides(string query, string hidden)
    {
        foreach (var token in await BasicTokensAsync())
        {
            var asked = demo.AskAsync($"/v1.0/users?{query}", token);
            var error = await Refused.WithAsync(RefusalKind.DirectoryPermissionMissing, asked);
            var detail = Assert.Single(error["details"]!.AsArray());
            Assert.Equal("User.Read.All", (string?)detail!["code"]);
            Assert.Contains($" {hidden};", (string?)detail["message"]);
        }
    }

    [Theory]
    [InlineData("$filter=surname eq 'Kim' and startswith(givenName,'D')", "daniel")]
    [InlineData("$search=\"displayName:kim\"", "daniel")]
    [InlineData("$orderby=surname desc&$top=1", "pieter")]
    public async Task The_basic_profile_answers_what_it_shows(string query, string expected)
    {
        foreach (var token in await BasicTokensAsync())
        {
            var page = await DemoDirectory.JsonAsync(demo.AskAsync($"/v1.0/users?{query}", token));
            Assert.Equal(expected, DemoDirectory.FirstNames(page));
            var user = page["value"]![0]!;
            Assert.NotNull(user["displayName"]);
            Assert.Null(user["jobTitle"]);
            Assert.Null(user["officeLocation"]);
        }
    }

    [Fact]
    public async Task Ones_own_profile_is_whole_beside_the_basic_ones_of_all_others()
    {
        var token = await demo.Server.PersonTokenAsync(Own, "User.Read", "User.ReadBasic.All");
        Assert.Equal("Head of Sales", await JobAsync(Own, token));
        Assert.Null(await JobAsync(Other, token));
    }

    [Theory]
    [InlineData("User.Read.All")]
    [InlineData("User.ReadWrite.All")]
    [InlineData("Directory.Read.All")]
    public async Task Each_higher_permission_shows_everybody_whole(string permission)
    {
        Assert.Equal("Solutions Architect", await JobAsync(Other, await demo.Server.PersonTokenAsync(Own, permission)));
        Assert.Equal("Solutions Architect", await JobAsync(Other, await demo.Server.ApplicationTokenAsync(permission)));
    }

    [Theory]
    [InlineData(DemoDirectory.Stranger)]
    [InlineData(DemoDirectory.StrangersName)]
    [InlineData("00000000-1111-2222-3333-444444444444")]
    public async Task A_person_of_another_tenant_is_as_unknown_as_one_who_does_not_exist(string key)
    {
        foreach (var path in new[] { "", "/people", "/manager" })
        {
            var token = await demo.Server.ApplicationTokenAsync("User.Read.All", "People.Read.All");
            await Refused.WithAsync(RefusalKind.UserNotFound, demo.AskAsync($"/v1.0/users/{key}{path}", token));
        }
    }

    [Fact]
    public async Task Whether_somebody_exists_is_not_told_to_those_who_may_read_only_themselves()
    {
        var token = await demo.Server.PersonTokenAsync(Own, "User.Read");
        foreach (var key in new[] { Other, OthersName, DemoDirectory.Stranger, "nobody@contoso.example" })
        {
            var asked = demo.AskAsync($"/v1.0/users/{key}", token);
            await Refused.WithAsync(RefusalKind.DirectoryPermissionMissing, asked);
        }
    }

    private async Task<string[]> BasicTokensAsync() =>
        [
            await demo.Server.ApplicationTokenAsync("User.ReadBasic.All"),
            await demo.Server.PersonTokenAsync(Own, "User.ReadBasic.All"),
            await demo.Server.PersonTokenAsync(Own, "User.ReadBasic.All", "User.Read"),
        ];

    private async Task<string?> JobAsync(string person, string token)
    {
        var user = await DemoDirectory.JsonAsync(demo.AskAsync($"/v1.0/users/{person}?$select=jobTitle", token));
        Assert.Contains("jobTitle", user.AsObject().Select(member => member.Key));
        return (string?)user["jobTitle"];
    }
}
