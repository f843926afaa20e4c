using System.Net;
using System.Text.Json.Nodes;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Graph.Users;

/// <summary>
/// The demo tenant's fourteen people, and a person of another tenant whom nobody of it may meet. For tests that
/// only read.
/// </summary>
public sealed class DemoDirectory : IAsyncLifetime
{
    /// <summary>A person of another tenant.</summary>
    public const string Stranger = "77777777-0000-4000-8000-000000000001";

    public const string StrangersName = "lee@fabrikam.example";

    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RunningServer.StartAsync();
        var fabrikam = new Tenant(Guid.NewGuid(), "Fabrikam", ["fabrikam.example"]);
        await Server.Node.ExecuteAsync(new TenantUpserted(fabrikam));
        await Server.Node.ExecuteAsync(
            new PersonUpserted(new Person(Guid.Parse(Stranger), fabrikam.Id, StrangersName, "Lee Strange"))
        );
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Asks as an application that may read everything.</summary>
    public async Task<HttpResponseMessage> AskAsync(string path, bool isEventual = true) =>
        await AskAsync(path, await Server.ApplicationTokenAsync("User.Read.All"), isEventual);

    public Task<HttpResponseMessage> AskAsync(string path, string token, bool isEventual = true)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new("Bearer", token);
        if (isEventual)
        {
            request.Headers.Add("ConsistencyLevel", "eventual");
        }
        return Server.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    /// <summary>The JSON of an answer that must succeed.</summary>
    public static async Task<JsonNode> JsonAsync(Task<HttpResponseMessage> asked)
    {
        using var answer = await asked;
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!;
    }

    /// <summary>The people of a page by the first part of their names: <c>daniel jonas</c>.</summary>
    public static string FirstNames(JsonNode page) =>
        string.Join(
            ' ',
            page["value"]!.AsArray().Select(user => ((string)user!["userPrincipalName"]!).Split('.', '@')[0])
        );
}
