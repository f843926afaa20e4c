using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Lets notifications go wrong as they do on the way through a network, and tells subscribers of the life of their
/// subscriptions when a test wants it.
/// </summary>
internal sealed class ControlWebhooks(Node node, WebhookFaults faults, Dispatcher delivery)
{
    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromHours(1);

    /// <summary>What notifications tell of, as bodies name it; those of lifecycle as Graph does.</summary>
    private static readonly NoticeKind[] Kinds = Enum.GetValues<NoticeKind>();

    /// <summary>The routes of notifications.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "GET",
                "/control/webhooks/faults",
                "The faults of notifications that are set, and what they met.",
                (call, _) => FaultBody.List(call, faults, Write)
            ),
            new(
                "POST",
                "/control/webhooks/faults",
                "Sets a fault for the notifications that match.",
                (call, _) => AddAsync(call)
            ),
            new(
                "DELETE",
                "/control/webhooks/faults",
                "Takes all faults of notifications away.",
                (call, _) => FaultBody.Clear(call, faults)
            ),
            new(
                "DELETE",
                "/control/webhooks/faults/{key}",
                "Takes one fault of notifications away.",
                (call, key) => FaultBody.Remove(call, faults, key)
            ),
            new(
                "POST",
                "/control/webhooks/lifecycle",
                "Tells a subscriber of the life of a subscription.",
                (call, _) => TellAsync(call)
            ),
        ];

    private async ValueTask<Refusal?> AddAsync(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var (match, odds, effect) = Read(body);
            return body.Refusal ?? FaultBody.Answer(call, faults.Add(id => new(id, match, odds, effect)), Write);
        }
    }

    private static (WebhookMatch, FaultOdds, InjectedEffect) Read(ActionBody body)
    {
        var values = body.Members(
            "notification",
            "subscriptionId",
            "applicationId",
            "userId",
            "skip",
            "count",
            "probability",
            "seed",
            "delay",
            "drop",
            "duplicate",
            "reorder",
            "expiredTokens"
        );
        var match = new WebhookMatch
        {
            Kind = KindOf(body, values[0], "notification", Kinds),
            SubscriptionId = ControlBody.Id(body, values[1], "subscriptionId"),
            ApplicationId = ControlBody.Id(body, values[2], "applicationId"),
            UserId = ControlBody.Id(body, values[3], "userId"),
        };
        var odds = FaultBody.Odds(body, values.AsSpan(4, 4));
        var effect = new InjectedEffect
        {
            Delay = FaultBody.Delay(body, values[8], DelayMax),
            Drop = ControlBody.Flag(body, values[9], "drop"),
            Duplicate = ControlBody.Flag(body, values[10], "duplicate"),
            Reorder = ControlBody.Flag(body, values[11], "reorder"),
            ExpiredTokens = ControlBody.Flag(body, values[12], "expiredTokens"),
        };
        bool[] named = [effect.Drop, effect.Duplicate, effect.Reorder, effect.ExpiredTokens];
        var hasDelay = effect.Delay > TimeSpan.Zero;
        if (named.Count(isSet => isSet) != 1 && !(hasDelay && !named.Contains(true)))
        {
            body.Fault(
                "drop",
                "One of drop, duplicate, reorder and expiredTokens; a delay may come first, or stand alone."
            );
        }
        else if (effect.Reorder && hasDelay)
        {
            body.Fault("delay", "What is overtaken waits for the next one, and for no time.");
        }
        return (match, odds, effect);
    }

    private async ValueTask<Refusal?> TellAsync(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var values = body.Members("subscriptionId", "lifecycleEvent");
            var id = ControlBody.Id(body, values[0], "subscriptionId");
            var kind = KindOf(body, values[1], "lifecycleEvent", Kinds.AsSpan(1));
            if (body.Refusal is { } wrong)
            {
                return wrong;
            }
            return id is not { } subscription || kind is not { } lifecycle
                ? new Refusal(RefusalKind.BadRequest, "subscriptionId and lifecycleEvent are wanted.")
                : await TellAsync(call, subscription, lifecycle);
        }
    }

    private async ValueTask<Refusal?> TellAsync(GraphCall call, Guid id, NoticeKind kind)
    {
        if (!node.State.Subscriptions.TryGet(id, out var subscription))
        {
            return new Refusal(RefusalKind.NotFound, $"There is no subscription {id}.");
        }
        if (subscription.LifecycleNotificationUrl is null)
        {
            return new Refusal(RefusalKind.BadRequest, "The subscription has no lifecycleNotificationUrl to tell.");
        }
        if (kind == NoticeKind.SubscriptionRemoved)
        {
            await EndAsync(subscription);
        }
        else
        {
            await delivery.TellAsync(id, kind).WaitAsync(call.Http.RequestAborted);
        }
        call.Http.Response.StatusCode = StatusCodes.Status202Accepted;
        return null;
    }

    /// <summary>
    /// Its time is over now: what is said to be removed is, since a client that then asks for it must not find it.
    /// </summary>
    private async Task EndAsync(Subscription subscription)
    {
        await node.ExecuteAsync(
            new SubscriptionUpdated(
                subscription.Id,
                Instant.Min(subscription.ExpiresAt, node.State.Clock.Now),
                null,
                subscription.AuthorizedUntil
            )
        );
        await node.AppendAsync(EntryPayload.Tick);
    }

    private static NoticeKind? KindOf(
        ActionBody body,
        JsonElement? value,
        string member,
        ReadOnlySpan<NoticeKind> allowed
    )
    {
        if (body.Text(value, member) is not { } text)
        {
            return null;
        }
        foreach (var kind in allowed)
        {
            if (NameOf(kind).Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return kind;
            }
        }
        var names = string.Join(", ", allowed.ToArray().Select(NameOf));
        body.Fault(member, $"Unknown; there are {names}.");
        return null;
    }

    private static string NameOf(NoticeKind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    private static void Write(Utf8JsonWriter json, WebhookFault fault)
    {
        var (match, effect) = (fault.Match, fault.Effect);
        json.WriteString("id", fault.Id);
        ControlBody.Optional(json, "notification", match.Kind is { } kind ? NameOf(kind) : null);
        ControlBody.Optional(json, "subscriptionId", match.SubscriptionId?.ToString());
        ControlBody.Optional(json, "applicationId", match.ApplicationId?.ToString());
        ControlBody.Optional(json, "userId", match.UserId?.ToString());
        FaultBody.Write(json, fault);
        FaultBody.Write(json, effect.Delay);
        json.WriteBoolean("drop", effect.Drop);
        json.WriteBoolean("duplicate", effect.Duplicate);
        json.WriteBoolean("reorder", effect.Reorder);
        json.WriteBoolean("expiredTokens", effect.ExpiredTokens);
    }
}
