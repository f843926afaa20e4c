using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpenPresence.Engine;
using OpenPresence.Server.Tests.Webhooks;
using OpenPresence.Server.Tests.Webhooks.Delivery;
using OpenPresence.Server.Webhooks.Delivery;
using static OpenPresence.Server.Tests.Webhooks.Delivery.DeliveryUnderTest;

namespace OpenPresence.Server.Tests.DevTools;

public sealed class ControlDeliveriesTests
{
    [Fact]
    public async Task What_was_taken_is_listed_with_its_payload_and_without_its_secrets()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await StartAsync();
        var recipient = new Recipient();
        var subscription = await delivery.SubscribeAsync(
            receiver.Url(),
            wanted => recipient.Wants(wanted) with { ClientState = "between-us" },
            Ada
        );
        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.SettledAsync();

        var told = (await DeliveriesAsync(delivery, subscription.Id)).Single()!;
        Assert.Equal(202, (int?)told["status"]);
        Assert.Equal(1, (int?)told["attempt"]);
        Assert.Equal(Ada.ToString(), (string?)told["userIds"]![0]);
        Assert.Null(told["fault"]);
        var payload = told["payload"]!;
        Assert.Equal("…", (string?)payload["validationTokens"]);
        var item = payload["value"]![0]!;
        Assert.Equal("…", (string?)item["clientState"]);
        var encrypted = item["encryptedContent"].Deserialize<JsonElement>();
        Assert.Equal("InACall", recipient.Open(encrypted).GetProperty("activity").GetString());
    }

    [Fact]
    public async Task What_was_not_taken_waits_and_says_why_and_until_when()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await StartAsync();
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.ServiceUnavailable);
        var subscription = await delivery.SubscribeAsync(receiver.Url(), null, Ada);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.InACall);
        await delivery.SettledAsync();

        var listed = (await delivery.Server.ControlledAsync(HttpMethod.Get, "subscriptions"))["value"]!
            .AsArray()
            .Single()!;
        Assert.Equal(subscription.Id.ToString(), (string?)listed["id"]);
        Assert.Equal(1, (int?)listed["waiting"]);
        Assert.Equal(1, (int?)listed["failures"]);
        Assert.True(DateTimeOffset.Parse((string)listed["nextAttemptDateTime"]!) > delivery.Now.ToDateTimeOffset());
        Assert.Null(listed["clientState"]);
        var told = (await DeliveriesAsync(delivery, subscription.Id)).Single()!;
        Assert.Equal(503, (int?)told["status"]);
    }

    [Theory]
    [InlineData("", "subscriptionId")]
    [InlineData("?subscriptionId=mine", "subscriptionId")]
    [InlineData("?subscriptionId=0fc0d6db-0073-42e5-a186-853da75fb308&count=0", "count")]
    [InlineData("?subscriptionId=0fc0d6db-0073-42e5-a186-853da75fb308&count=201", "count")]
    public async Task A_question_that_cannot_be_read_is_refused_by_parameter(string query, string target)
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.ControlAsync(HttpMethod.Get, "deliveries" + query);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(target, (string?)JsonNode.Parse(text)!["error"]!["target"]);
    }

    [Fact]
    public void The_oldest_payloads_go_when_the_newest_need_their_room()
    {
        var payloads = new DeliveryPayloads();
        var body = new byte[DeliveryPayloads.BodyBytesMax];
        var ids = Enumerable
            .Range(0, (DeliveryPayloads.BytesMax / body.Length) + 1)
            .Select(_ => Guid.NewGuid())
            .ToArray();
        foreach (var id in ids)
        {
            payloads.Keep(id, body);
        }
        Assert.Null(payloads.Find(ids[0]));
        Assert.All(ids[1..], id => Assert.NotNull(payloads.Find(id)));
        var tooLong = Guid.NewGuid();
        payloads.Keep(tooLong, new byte[DeliveryPayloads.BodyBytesMax + 1]);
        Assert.Null(payloads.Find(tooLong));
    }

    private static async Task<JsonArray> DeliveriesAsync(DeliveryUnderTest delivery, Guid id) =>
        (await delivery.Server.ControlledAsync(HttpMethod.Get, $"deliveries?subscriptionId={id}"))["value"]!.AsArray();
}
