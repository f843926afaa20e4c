using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Scim;

/// <summary>A server whose demo tenant one identity provider fills, and another tenant another one.</summary>
internal sealed class ScimUnderTest : IAsyncDisposable
{
    /// <summary>Of the demo tenant.</summary>
    public const string Token = "c2NpbS10b2tlbi1vZi10aGUtZGVtby10ZW5hbnQ";

    /// <summary>Of Fabrikam, whose external ids become the ids of people.</summary>
    public const string OtherToken = "c2NpbS10b2tlbi1vZi1mYWJyaWthbS1hbmQtbm9uZQ";

    public const string User = "urn:ietf:params:scim:schemas:core:2.0:User";
    public const string Enterprise = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
    public const string PatchOp = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

    public static readonly Guid Fabrikam = Guid.Parse("99990000-0000-cccc-1111-dddd2222eeee");

    private ScimUnderTest(RunningServer server) => Server = server;

    public RunningServer Server { get; }

    public static ServerOptions Provisioned(ServerOptions options) =>
        options with
        {
            Provisioning = new ProvisioningOptions
            {
                Clients =
                [
                    new() { Tenant = Guid.Parse(RunningServer.DemoTenant), TokenSha256 = HashOf(Token) },
                    new()
                    {
                        Tenant = Fabrikam,
                        TokenSha256 = HashOf(OtherToken),
                        IdFromExternalId = true,
                    },
                ],
            },
        };

    public static async Task<ScimUnderTest> StartAsync(Func<ServerOptions, ServerOptions>? configure = null)
    {
        var server = await RunningServer.StartAsync(options => Provisioned(configure?.Invoke(options) ?? options));
        await server.Node.ExecuteAsync(new TenantUpserted(new Tenant(Fabrikam, "Fabrikam", ["fabrikam.example"])));
        return new ScimUnderTest(server);
    }

    /// <summary>Sends a request; the status and the answer, an empty object when there is none.</summary>
    public async Task<(int Status, JsonNode Body)> SendAsync(
        string method,
        string path,
        string? body = null,
        string? token = Token
    )
    {
        using var answer = await SendRawAsync(method, path, body, token);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (text.Length > 0)
        {
            Assert.Equal("application/scim+json", $"{answer.Content.Headers.ContentType}");
        }
        return ((int)answer.StatusCode, text.Length == 0 ? new JsonObject() : Parse(text));
    }

    public Task<HttpResponseMessage> SendRawAsync(string method, string path, string? body, string? token)
    {
        StringContent? content = null;
        if (body is not null)
        {
            content = new StringContent(body);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/scim+json");
        }
        return Server.SendAsync(new HttpMethod(method), "/scim/v2" + path, token, content);
    }

    /// <summary>Creates a person with more members than these two; the id.</summary>
    public async Task<string> CreateAsync(string name, string more = "")
    {
        var (status, body) = await SendAsync("POST", "/Users", NewUser(name, more));
        Assert.True(status == 201, $"{status} {body}");
        return (string)body["id"]!;
    }

    public static string NewUser(string name, string more = "") =>
        $$"""{"schemas":["{{User}}","{{Enterprise}}"],"userName":"{{name}}"{{more}}}""";

    public Task<(int Status, JsonNode Body)> PatchAsync(string id, string operations) =>
        SendAsync("PATCH", "/Users/" + id, Patch(operations));

    public static string Patch(string operations) => $$"""{"schemas":["{{PatchOp}}"],"Operations":[{{operations}}]}""";

    public async Task<JsonNode> GetAsync(string id)
    {
        var (status, body) = await SendAsync("GET", "/Users/" + id);
        Assert.Equal(200, status);
        return body;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private static JsonNode Parse(string text) => JsonNode.Parse(text)!;

    public static string HashOf(string token) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(token)));
}
