using System.Net;
using System.Text.Json.Nodes;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Graph.Users;

/// <summary>A user principal name may hold quotes; in parentheses each is doubled, in a segment of its own none is.</summary>
public sealed class QuotedNameTests : IAsyncLifetime
{
    private RunningServer server = null!;

    public async ValueTask InitializeAsync()
    {
        server = await RunningServer.StartAsync();
        foreach (var name in new[] { "o'brien", "a'''b", "a''b" })
        {
            var person = new Person(
                Guid.NewGuid(),
                Guid.Parse(RunningServer.DemoTenant),
                $"{name}@contoso.example",
                $"The one of {name}"
            );
            await server.Node.ExecuteAsync(new PersonUpserted(person));
        }
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Theory]
    [InlineData("/users/o'brien@contoso.example", "o'brien")]
    [InlineData("/users/o''brien@contoso.example", "o'brien")]
    [InlineData("/users('o''brien@contoso.example')", "o'brien")]
    [InlineData("/users/a'''b@contoso.example", "a'''b")]
    [InlineData("/users/a''b@contoso.example", "a''b")]
    [InlineData("/users('a''''b@contoso.example')", "a''b")]
    [InlineData("/users/a%27%27%27b@contoso.example", "a'''b")]
    public async Task A_name_is_found_as_it_is_spelt_before_its_quotes_are_halved(string path, string name)
    {
        using var answer = await server.SendAsync(
            HttpMethod.Get,
            "/v1.0" + path,
            await server.ApplicationTokenAsync("User.Read.All")
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var json = JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal($"The one of {name}", (string?)json["displayName"]);
    }
}
