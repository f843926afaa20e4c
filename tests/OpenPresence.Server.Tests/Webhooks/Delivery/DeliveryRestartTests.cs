using System.Net;
using Microsoft.Extensions.Logging;
using OpenPresence.Engine;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>A server that stops and starts again on the same data.</summary>
public sealed class DeliveryRestartTests : IDisposable
{
    private static readonly Guid Tenant = new(RunningServer.DemoTenant);
    private static readonly Guid Ada = new("aa000000-0000-0000-0000-000000000001");
    private readonly string folder = System.IO.Directory.CreateTempSubdirectory("openpresence-").FullName;
    private readonly ManualClock clock = new();

    [Fact]
    public async Task What_was_taken_is_not_told_again_after_a_clean_stop()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using (var host = await StartAsync())
        {
            await SubscribeAsync(host, receiver);
            await SetAsync(host, Activity.InACall);
            await receiver.NextAsync();
            await host.Delivery.SettledAsync();
        }
        await using (var host = await StartAsync())
        {
            await host.Delivery.SettledAsync();
        }
        Assert.Single(receiver.All);
    }

    [Fact]
    public async Task What_was_not_taken_is_told_after_the_start_as_it_is_then()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        var recipient = new Recipient();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.ServiceUnavailable);
        await using (var host = await StartAsync())
        {
            await SubscribeAsync(host, receiver, recipient.Wants);
            await SetAsync(host, Activity.InACall);
            await host.Delivery.SettledAsync();
            await SetAsync(host, Activity.InAMeeting);
        }
        var before = receiver.All.Count;
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        await using (var host = await StartAsync())
        {
            await host.Delivery.SettledAsync();
        }
        var told = Assert.Single(receiver.All.Skip(before)).Values();
        var presence = recipient.Open(Assert.Single(told).GetProperty("encryptedContent"));
        Assert.Equal("InAMeeting", presence.GetProperty("activity").GetString());
    }

    public void Dispose() => System.IO.Directory.Delete(folder, recursive: true);

    private Task<ServerHost> StartAsync() =>
        ServerHost.StartAsync(
            new ServerOptions
            {
                HttpPort = 0,
                HttpsPort = -1,
                DataDirectory = folder,
            },
            clock,
            logging => logging.SetMinimumLevel(LogLevel.None),
            TestContext.Current.CancellationToken
        );

    private static async Task SubscribeAsync(
        ServerHost host,
        WebhookReceiver receiver,
        Func<Subscription, Subscription>? configure = null
    )
    {
        await host.Node.ExecuteAsync(new PersonKnown(Ada, Tenant));
        var now = host.Node.State.Clock.Now;
        var wanted = new Subscription
        {
            Id = new Guid(7, 0, 0, new byte[8]),
            TenantId = Tenant,
            ApplicationId = Guid.Parse(RunningServer.DemoApplication),
            UserId = null,
            Resource = "communications/presences",
            People = [Ada],
            NotificationUrl = receiver.Url(),
            ExpiresAt = now + TimeSpan.FromHours(1),
            AuthorizedUntil = now + TimeSpan.FromHours(1),
            DeliveredTo = 0,
        };
        await host.Node.ExecuteAsync(
            new SubscriptionCreated(configure?.Invoke(wanted) ?? wanted, int.MaxValue, IsOnlyOne: false)
        );
    }

    private static async Task SetAsync(ServerHost host, Activity activity) =>
        await host.Node.ExecuteAsync(
            Ada,
            new ReportDevice(Ada, new(Availability.Busy, activity), TimeSpan.FromDays(1))
        );
}
