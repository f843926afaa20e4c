using System.Net.Http.Headers;
using System.Text.Json;
using OpenPresence.Server.Settings;
using static OpenPresence.Server.Tests.RunningServer;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>The whole server: what its issuer hands out opens its Graph.</summary>
public sealed class IssuedTokenTests
{
    private const string Endpoint = $"/{DemoTenant}/oauth2/v2.0/token";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_application_s_token_reads_anybody_s_presence()
    {
        await using var server = await StartAsync();
        var token = await TokenAsync(
            server,
            ("grant_type", "client_credentials"),
            ("client_id", DemoApplication),
            ("client_secret", "demo-secret"),
            ("scope", "https://graph.microsoft.com/.default")
        );
        var presence = await GetAsync(server, $"/v1.0/users/{Someone}/presence", token);
        Assert.Equal("Busy", presence.String("availability"));
    }

    [Theory]
    [InlineData("Presence.Read")]
    [InlineData("https://graph.microsoft.com/Presence.Read")]
    [InlineData("https://localhost/.default")]
    [InlineData("00000003-0000-0000-c000-000000000000/.default")]
    public async Task A_person_s_token_reads_the_person_s_presence(string scope)
    {
        await using var server = await StartAsync();
        var token = await TokenAsync(
            server,
            ("grant_type", "password"),
            ("client_id", DemoPublicClient),
            ("username", "mara.lindqvist@contoso.example"),
            ("password", "demo"),
            ("scope", scope)
        );
        var presence = await GetAsync(server, "/v1.0/me/presence", token);
        Assert.Equal(Someone, presence.String("id"));
    }

    [Fact]
    public async Task In_production_the_issuer_serves_applications_and_nobody_else()
    {
        await using var server = await StartAsync(options =>
            options with
            {
                Profile = Profile.Production,
                BuiltInIssuer = true,
            }
        );
        using var answer = await server.Client.PostAsync(
            "/organizations/oauth2/v2.0/token",
            new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "password")]),
            Cancel
        );
        Assert.Contains("AADSTS7000112", await answer.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task Without_the_issuer_its_paths_lead_nowhere()
    {
        await using var server = await StartAsync(options => options with { BuiltInIssuer = false });
        // The discovery documents stay, for who checks notifications; they name no endpoint.
        using var answer = await server.Client.PostAsync(
            "/organizations/oauth2/v2.0/token",
            new FormUrlEncodedContent([KeyValuePair.Create("grant_type", "client_credentials")]),
            Cancel
        );
        Assert.False(answer.IsSuccessStatusCode);
    }

    private static async Task<string> TokenAsync(RunningServer server, params (string Name, string Value)[] fields)
    {
        using var content = new FormUrlEncodedContent(
            fields.Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
        var answer = await IssuerHost.JsonAsync(server.Client.PostAsync(Endpoint, content, Cancel));
        return answer.String("access_token")!;
    }

    private static async Task<JsonElement> GetAsync(RunningServer server, string path, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await IssuerHost.JsonAsync(server.Client.SendAsync(request, Cancel));
    }
}
