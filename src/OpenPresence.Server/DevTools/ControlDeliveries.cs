using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Subscriptions;
using OpenPresence.Server.Webhooks;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Shows every subscription of the server with what waits for it, and what became of its latest notifications. Payloads
/// are shown as they were sent, but for the secrets in them: <c>clientState</c>, by which a receiver knows who calls,
/// and the validation tokens.
/// </summary>
public sealed class ControlDeliveries(Dispatcher delivery)
{
    /// <summary>Subscriptions of one answer.</summary>
    public const int SubscriptionsMax = 1000;

    /// <summary>Deliveries of one answer.</summary>
    public const int DeliveriesMax = 200;

    private const int DeliveriesUsual = 50;
    private const string Removed = "…";

    private static readonly FrozenSet<string> Secrets = new[] { "clientState", "validationTokens" }.ToFrozenSet(
        StringComparer.Ordinal
    );

    /// <summary>The routes.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "GET",
                "/control/subscriptions",
                "Every subscription, and what waits for it.",
                (call, _) => ListSubscriptionsAsync(call)
            ),
            new(
                "GET",
                "/control/deliveries",
                "What became of the notifications of ?subscriptionId=, newest first; ?count=.",
                (call, _) => List(call)
            ),
        ];

    private async ValueTask<Refusal?> ListSubscriptionsAsync(GraphCall call)
    {
        if (delivery.Fault is { } ended)
        {
            return new Refusal(RefusalKind.ServiceUnavailable, ended);
        }
        var standings = await delivery.StandingsAsync(SubscriptionsMax).WaitAsync(call.Http.RequestAborted);
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var standing in standings)
                {
                    json.WriteStartObject();
                    Write(json, call, standing);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return null;
    }

    private static void Write(Utf8JsonWriter json, GraphCall call, DeliveryStanding standing)
    {
        var subscription = standing.Subscription;
        SubscriptionJson.Write(json, call, subscription, showsClientState: false);
        json.WriteString("tenantId", subscription.TenantId);
        ControlBody.Optional(json, "userId", subscription.UserId?.ToString());
        ControlBody.Optional(json, "people", subscription.WatchesEveryone ? null : subscription.People.Length);
        json.WriteNumber("waiting", standing.Waiting);
        json.WriteBoolean("isBehind", standing.IsBehind);
        json.WriteNumber("failures", standing.Failures);
        ControlBody.Optional(json, "nextAttemptDateTime", standing.NextAttemptAt?.ToString());
    }

    private ValueTask<Refusal?> List(GraphCall call)
    {
        var query = call.Http.Request.Query;
        if (!Guid.TryParseExact(query["subscriptionId"], "D", out var id))
        {
            return Refuse("subscriptionId", "The id of a subscription; GET /control/subscriptions lists them.");
        }
        var count = DeliveriesUsual;
        if (
            query["count"] is [{ } given]
            && (
                !int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out count)
                || count is 0 or > DeliveriesMax
            )
        )
        {
            return Refuse("count", $"A whole number from 1 to {DeliveriesMax}.");
        }
        var attempts = delivery.Deliveries.Of(id, count);
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var attempt in attempts)
                {
                    json.WriteStartObject();
                    Write(json, attempt);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private void Write(Utf8JsonWriter json, DeliveryAttempt attempt)
    {
        json.WriteString("startedDateTime", attempt.At.ToString());
        json.WriteString("requestId", attempt.RequestId);
        json.WriteString("url", attempt.Url.OriginalString);
        json.WriteNumber("status", attempt.Status);
        ControlBody.Optional(
            json,
            "fault",
            attempt.Fault == ReceiverFault.None
                ? null
                : JsonNamingPolicy.CamelCase.ConvertName(attempt.Fault.ToString())
        );
        ControlBody.Optional(json, "faultId", attempt.FaultId);
        json.WriteNumber("milliseconds", Math.Round(attempt.Took.TotalMilliseconds, 3));
        json.WriteNumber("attempt", attempt.Attempt);
        json.WriteNumber("notifications", attempt.Count);
        json.WriteStartArray("userIds");
        foreach (var person in attempt.People)
        {
            json.WriteStringValue(person);
        }
        json.WriteEndArray();
        if (delivery.Payloads?.Find(attempt.RequestId) is { } body)
        {
            using var payload = JsonDocument.Parse(body);
            json.WritePropertyName("payload");
            WriteWithoutSecrets(json, payload.RootElement);
        }
    }

    private static void WriteWithoutSecrets(Utf8JsonWriter json, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            json.WriteStartObject();
            foreach (var member in value.EnumerateObject())
            {
                json.WritePropertyName(member.Name);
                if (Secrets.Contains(member.Name) && member.Value.ValueKind != JsonValueKind.Null)
                {
                    json.WriteStringValue(Removed);
                }
                else
                {
                    WriteWithoutSecrets(json, member.Value);
                }
            }
            json.WriteEndObject();
        }
        else if (value.ValueKind == JsonValueKind.Array)
        {
            json.WriteStartArray();
            foreach (var item in value.EnumerateArray())
            {
                WriteWithoutSecrets(json, item);
            }
            json.WriteEndArray();
        }
        else
        {
            value.WriteTo(json);
        }
    }

    private static ValueTask<Refusal?> Refuse(string target, string message) =>
        new(new Refusal(RefusalKind.BadRequest, message) { Target = target });
}
