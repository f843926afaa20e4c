using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace OpenPresence.Server.Tests.Clients;

/// <summary>
/// A C# program as people write it: Azure.Identity for the token, HttpClient for Graph. Changed against the
/// real service: the authority, instance discovery, the base address and the trusted authority.
/// </summary>
public sealed class AzureIdentityTests(ServerProcess server) : IClassFixture<ServerProcess>
{
    private const string InAMeeting = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    private const string Presenting = "66825e03-7ef5-42da-9069-724602c31f6b";
    private static readonly string[] Scopes = ["https://graph.microsoft.com/.default"];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("v1.0")]
    [InlineData("beta")]
    public async Task A_client_secret_reads_a_person_by_user_id(string version)
    {
        using var graph = await GraphAsync();
        var presence = await ReadAsync(graph, $"{version}/users/{InAMeeting}/presence");
        Assert.Equal(InAMeeting, presence.GetProperty("id").GetString());
        Assert.Equal("Busy", presence.GetProperty("availability").GetString());
        Assert.Equal("InAMeeting", presence.GetProperty("activity").GetString());
        Assert.NotEmpty(presence.GetProperty("sequenceNumber").GetString()!);
        Assert.EndsWith(
            $"/{version}/$metadata#users('{InAMeeting}')/presence/$entity",
            presence.GetProperty("@odata.context").GetString(),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task A_client_secret_reads_a_presence_of_communications()
    {
        using var graph = await GraphAsync();
        var presence = await ReadAsync(graph, $"v1.0/communications/presences/{Presenting}");
        Assert.Equal("Presenting", presence.GetProperty("activity").GetString());
    }

    [Fact]
    public async Task A_client_secret_reads_the_list_and_several_people()
    {
        using var graph = await GraphAsync();
        var list = await ReadAsync(graph, "v1.0/communications/presences");
        Assert.InRange(list.GetProperty("value").GetArrayLength(), 10, int.MaxValue);

        using var answer = await graph.PostAsJsonAsync(
            "v1.0/communications/getPresencesByUserId",
            new { ids = new[] { Presenting, InAMeeting } },
            Cancel
        );
        var several = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var activities = several
            .GetProperty("value")
            .EnumerateArray()
            .Select(one => one.GetProperty("activity").GetString());
        Assert.Equal("Presenting, InAMeeting", string.Join(", ", activities));
    }

    [Fact]
    public async Task An_application_has_no_presence_of_its_own()
    {
        using var graph = await GraphAsync();
        using var answer = await graph.GetAsync("v1.0/me/presence", Cancel);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var error = (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("error");
        Assert.Equal("BadRequest", error.GetProperty("code").GetString());
    }

    /// <summary>The pipeline that the SDKs of Azure send everything through, with its retries as they come.</summary>
    [Fact]
    public async Task A_pipeline_of_Azure_Core_waits_as_it_is_told_and_then_its_write_has_happened()
    {
        const string Person = "00a154d8-5ed8-4bcc-b5c7-19c2add9ca88";
        var preferred = new { availability = "BeRightBack", activity = "BeRightBack" };
        var available = new { availability = "Available", activity = "Available" };
        using var control = new HttpClient { BaseAddress = server.Http };
        foreach (var operation in new[] { "setUserPreferredPresence", "getUserPresence" })
        {
            var refusal = new
            {
                operation,
                userId = Person,
                status = 429,
                retryAfterSeconds = 1,
                count = 1,
            };
            using var set = await control.PostAsJsonAsync("control/faults", refusal, Cancel);
            Assert.True(set.IsSuccessStatusCode);
        }
        var pipeline = HttpPipelineBuilder.Build(
            new GraphOptions { Transport = new HttpClientTransport(server.TrustingHandler()) },
            new BearerTokenAuthenticationPolicy(Credential(), Scopes)
        );
        using var graph = await GraphAsync();
        using var session = await graph.PutAsJsonAsync(
            $"v1.0/users/{Person}/presence/devices/{Guid.NewGuid()}",
            available,
            Cancel
        );
        Assert.Equal(HttpStatusCode.NoContent, session.StatusCode);

        using var written = await SendAsync(
            pipeline,
            RequestMethod.Post,
            $"v1.0/users/{Person}/presence/setUserPreferredPresence",
            RequestContent.Create(preferred)
        );
        Assert.Equal(200, written.Response.Status);
        using var read = await SendAsync(pipeline, RequestMethod.Get, $"v1.0/users/{Person}/presence");
        var presence = read.Response.Content.ToObjectFromJson<JsonElement>();
        Assert.Equal("BeRightBack", presence.GetProperty("activity").GetString());

        var faults = await ReadAsync(control, "control/faults");
        Assert.All(
            faults.GetProperty("value").EnumerateArray(),
            fault => Assert.Equal(1, fault.GetProperty("met").GetInt32())
        );
        using var _ = await control.DeleteAsync("control/faults", Cancel);
    }

    [Fact]
    public async Task A_wrong_secret_is_an_error_with_the_code_of_the_token_service()
    {
        var error = await Assert.ThrowsAsync<AuthenticationFailedException>(async () =>
            await Credential("not-the-secret").GetTokenAsync(new TokenRequestContext(Scopes), Cancel)
        );
        Assert.Contains("AADSTS7000215", error.InnerException!.Message, StringComparison.Ordinal);
    }

    private ClientSecretCredential Credential(string secret = ServerProcess.Secret) =>
        new(
            ServerProcess.TenantId,
            ServerProcess.ClientId,
            secret,
            new ClientSecretCredentialOptions
            {
                AuthorityHost = server.Https,
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(server.TrustingHandler()),
            }
        );

    private async Task<HttpClient> GraphAsync()
    {
        var token = await Credential().GetTokenAsync(new TokenRequestContext(Scopes), Cancel);
        return new HttpClient(server.TrustingHandler())
        {
            BaseAddress = server.Https,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token.Token) },
        };
    }

    private async Task<HttpMessage> SendAsync(
        HttpPipeline pipeline,
        RequestMethod method,
        string path,
        RequestContent? content = null
    )
    {
        var message = pipeline.CreateMessage();
        message.Request.Method = method;
        message.Request.Uri.Reset(new Uri(server.Https, path));
        message.Request.Content = content;
        message.Request.Headers.SetValue("Content-Type", "application/json");
        await pipeline.SendAsync(message, Cancel);
        return message;
    }

    private sealed class GraphOptions : ClientOptions;

    private static async Task<JsonElement> ReadAsync(HttpClient graph, string path)
    {
        using var answer = await graph.GetAsync(path, Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
    }
}
