using System.Net;
using System.Text.Json.Nodes;
using OpenPresence.Server.Graph.Users;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Graph.Users;

public sealed class UserPagingTests
{
    private static readonly Guid Tenant = Guid.Parse(RunningServer.DemoTenant);

    [Theory]
    [InlineData("")]
    [InlineData("$filter=startswith(displayName,'Person') and accountEnabled eq true&")]
    [InlineData("$filter=startswith(userPrincipalName,'PERSON')&")]
    [InlineData("$orderby=displayName&")]
    [InlineData("$orderby=department desc&")]
    public async Task Page_after_page_shows_everybody_once(string query)
    {
        await using var server = await RunningServer.StartAsync();
        await AddAsync(server, 700);
        var token = await server.ApplicationTokenAsync("User.Read.All");
        var all = new List<string>();
        var next = $"/v1.0/users?{query}$top=97&$select=userPrincipalName,displayName";
        for (var pages = 0; next is not null && pages < 20; pages++)
        {
            var page = await ReadAsync(server, token, next);
            var names = page["value"]!.AsArray().Select(user => (string)user!["userPrincipalName"]!);
            all.AddRange(names.Where(name => name.StartsWith("person", StringComparison.Ordinal)));
            next = (string?)page["@odata.nextLink"];
        }
        Assert.Null(next);
        Assert.Equal(700, all.Count);
        Assert.Equal(700, all.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_later_page_needs_no_header_and_has_no_count()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("User.Read.All");
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            "/v1.0/users?$filter=endswith(mail,'example')&$orderby=surname&$count=true&$top=10"
        );
        request.Headers.Add("ConsistencyLevel", "eventual");
        request.Headers.Authorization = new("Bearer", token);
        using var answer = await server.Client.SendAsync(request, TestContext.Current.CancellationToken);
        var first = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal(14, (int?)first["@odata.count"]);
        var second = await ReadAsync(server, token, (string)first["@odata.nextLink"]!);
        Assert.Equal(4, second["value"]!.AsArray().Count);
        Assert.Null(second["@odata.count"]);
    }

    [Fact]
    public async Task A_link_holds_although_people_come_and_go()
    {
        await using var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("User.Read.All");
        var first = await ReadAsync(server, token, "/v1.0/users?$top=2&$select=id,displayName");
        var gone = Guid.Parse((string)first["value"]![1]!["id"]!);
        await server.Node.ExecuteAsync(new PersonRemoved(gone));
        await AddAsync(server, 1);
        var second = await ReadAsync(server, token, (string)first["@odata.nextLink"]!);
        Assert.Equal("Ingrid Solberg", (string?)second["value"]![0]!["displayName"]);
    }

    [Theory]
    [InlineData("A")]
    [InlineData("!!!")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    public async Task A_token_that_is_made_up_is_refused(string skipToken)
    {
        await using var server = await RunningServer.StartAsync();
        await RefusedAsync(server, $"/v1.0/users?$skiptoken={skipToken}");
    }

    [Fact]
    public async Task A_token_that_was_changed_or_is_of_another_query_or_tenant_is_refused()
    {
        await using var server = await RunningServer.StartAsync();
        var place = new UserPlace("", "jonas.okafor@contoso.example");
        var good = PageToken.Write(Tenant, "\n\n ", place);
        for (var i = 0; i < good.Length; i += 7)
        {
            var other = good[i] == 'A' ? 'B' : 'A';
            await RefusedAsync(server, $"/v1.0/users?$skiptoken={good[..i]}{other}{good[(i + 1)..]}");
        }
        await RefusedAsync(server, $"/v1.0/users?$filter=surname eq 'Kim'&$skiptoken={good}");
        await RefusedAsync(server, $"/v1.0/users?$skiptoken={PageToken.Write(Guid.NewGuid(), "\n\n ", place)}");
        await RefusedAsync(server, $"/v1.0/users?$skiptoken={new string('A', PageToken.CharsMax + 1)}");
        var token = await server.ApplicationTokenAsync("User.Read.All");
        var page = await ReadAsync(server, token, $"/v1.0/users?$skiptoken={good}");
        Assert.Equal("Lena Hoffmann", (string?)page["value"]![0]!["displayName"]);
    }

    private static async Task AddAsync(RunningServer server, int people)
    {
        for (var i = 0; i < people; i++)
        {
            var person = new Person(
                Guid.NewGuid(),
                Tenant,
                $"person{i:D4}@contoso.example",
                $"Person {i * 7919 % 1000}"
            )
            {
                Department = $"Department {i % 3}",
            };
            server.Node.State.Directory.Apply(new PersonUpserted(person));
        }
        await server.Node.TickIfDueAsync();
    }

    private static async Task RefusedAsync(RunningServer server, string path)
    {
        var token = await server.ApplicationTokenAsync("User.Read.All");
        using var answer = await server.SendAsync(HttpMethod.Get, path, token);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(
            "\"target\":\"$skiptoken\"",
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    private static async Task<JsonNode> ReadAsync(RunningServer server, string token, string path)
    {
        using var answer = await server.SendAsync(HttpMethod.Get, path, token);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }
}
