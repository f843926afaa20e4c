using System.Net;
using OpenPresence.Server.Graph.Users;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Graph.Users;

/// <summary>A tenant larger than what one request looks at.</summary>
public sealed class UserSearchTests(UserSearchTests.LargeTenant large) : IClassFixture<UserSearchTests.LargeTenant>
{
    public sealed class LargeTenant : IAsyncLifetime
    {
        public RunningServer Server { get; private set; } = null!;

        public string Token { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await RunningServer.StartAsync();
            Token = await Server.ApplicationTokenAsync("User.Read.All");
            var tenant = Guid.Parse(RunningServer.DemoTenant);
            for (var i = 0; i < UserSearch.PeopleVisitedMax; i++)
            {
                Server.Node.State.Directory.Apply(
                    new PersonUpserted(new Person(Guid.NewGuid(), tenant, $"n{i:D6}@contoso.example", $"Name {i}"))
                );
            }
        }

        public ValueTask DisposeAsync() => Server.DisposeAsync();
    }

    [Theory]
    [InlineData("")]
    [InlineData("?$count=true")]
    [InlineData("?$orderby=userPrincipalName")]
    [InlineData("?$filter=id eq 'fa8bf3dc-eca7-46b7-bad1-db199b62afc3'")]
    [InlineData("?$filter=userPrincipalName in ('n024999@contoso.example','x')&$count=true")]
    [InlineData("?$filter=startswith(userPrincipalName,'n0249') and startswith(displayName,'N')")]
    [InlineData("?$filter=surname eq 'Kim' and id eq 'f5ec52ed-0108-4475-92e1-bc7656670b14'")]
    [InlineData("?$filter=startswith(displayName,'Name')")]
    [InlineData("/$count")]
    [InlineData("/$count?$filter=startswith(userPrincipalName,'n0249')")]
    public async Task What_is_indexed_or_found_soon_is_answered(string query)
    {
        using var answer = await SendAsync(query);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("?$filter=displayName eq 'Viktor Novák'")]
    [InlineData("?$filter=mail eq 'nobody@contoso.example'")]
    [InlineData("?$filter=displayName eq 'x' or id eq 'f5ec52ed-0108-4475-92e1-bc7656670b14'")]
    [InlineData("?$filter=not startswith(userPrincipalName,'n')&$top=20")]
    [InlineData("?$filter=startswith(displayName,'Name')&$count=true")]
    [InlineData("?$search=\"displayName:novak\"")]
    [InlineData("?$orderby=displayName")]
    [InlineData("/$count?$filter=startswith(displayName,'Name')")]
    public async Task What_would_look_at_too_many_is_refused_and_says_what_is_found_at_once(string query)
    {
        using var answer = await SendAsync(query);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("\"code\":\"Request_UnsupportedQuery\"", text);
        Assert.Contains("look at more than 25000 people", text);
    }

    [Fact]
    public async Task People_are_found_by_a_word_in_a_large_tenant_or_the_search_is_refused()
    {
        var token = await large.Server.PersonTokenAsync(RunningServer.Someone, "People.Read");
        using var all = await large.Server.SendAsync(HttpMethod.Get, "/v1.0/me/people", token);
        using var searched = await large.Server.SendAsync(HttpMethod.Get, "/v1.0/me/people?$search=nobody", token);
        Assert.Equal(HttpStatusCode.OK, all.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, searched.StatusCode);
    }

    private async Task<HttpResponseMessage> SendAsync(string query)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/v1.0/users{query}");
        request.Headers.Authorization = new("Bearer", large.Token);
        request.Headers.Add("ConsistencyLevel", "eventual");
        return await large.Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
