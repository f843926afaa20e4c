using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenPresence.Server.Tests.Clients;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>
/// The real program, killed after a change was acknowledged and before its receiver took it. After the restart the
/// receiver is told, and what it then reads is what was set.
/// </summary>
public sealed class DeliveryCrashTests
{
    private const string Person = RunningServer.Someone;

    [Fact]
    public async Task A_kill_between_change_and_delivery_loses_no_receiver_the_last_state()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var server = new ServerProcess();
        await server.InitializeAsync();
        var token = await TokenAsync(server);
        using (var client = Client(server, token))
        {
            await SubscribeAsync(client, receiver);
            receiver.Notification = WebhookReceiver.Never;
            await SetAsync(client, "Available", "Available");
            await receiver.NextAsync();
            await SetAsync(client, "Away", "Away");
            server.Kill();
        }

        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        await server.InitializeAsync();
        var told = await receiver.NextAsync();

        Assert.Contains(Person, told.Text, StringComparison.Ordinal);
        using var again = Client(server, token);
        using var presence = JsonDocument.Parse(
            await again.GetStringAsync($"v1.0/users/{Person}/presence", TestContext.Current.CancellationToken)
        );
        Assert.Equal("Away", presence.RootElement.GetProperty("availability").GetString());
    }

    private static async Task SubscribeAsync(HttpClient client, WebhookReceiver receiver)
    {
        using var answer = await client.PostAsJsonAsync(
            "v1.0/subscriptions",
            new
            {
                changeType = "updated",
                notificationUrl = receiver.Url(),
                resource = $"communications/presences/{Person}",
                expirationDateTime = TimeProvider.System.GetUtcNow().AddMinutes(55),
                clientState = "secret",
            },
            TestContext.Current.CancellationToken
        );
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, text);
    }

    private static async Task SetAsync(HttpClient client, string availability, string activity)
    {
        using var answer = await client.PostAsJsonAsync(
            $"v1.0/users/{Person}/presence/setUserPreferredPresence",
            new
            {
                availability,
                activity,
                expirationDuration = "PT1H",
            },
            TestContext.Current.CancellationToken
        );
        Assert.True(
            answer.IsSuccessStatusCode,
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
    }

    private static HttpClient Client(ServerProcess server, string token) =>
        new(server.TrustingHandler())
        {
            BaseAddress = server.Https,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };

    private static async Task<string> TokenAsync(ServerProcess server)
    {
        using var client = new HttpClient(server.TrustingHandler());
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = ServerProcess.ClientId,
                ["client_secret"] = ServerProcess.Secret,
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        using var answer = await client.PostAsync(
            new Uri(server.Https, $"{ServerProcess.TenantId}/oauth2/v2.0/token"),
            form,
            TestContext.Current.CancellationToken
        );
        using var token = JsonDocument.Parse(
            await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        return token.RootElement.GetProperty("access_token").GetString()!;
    }
}
