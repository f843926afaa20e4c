using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>Who created a subscription may still be told: delivery goes on as long as this token allows.</summary>
/// <remarks>
/// <para>Route: POST /subscriptions/{subscriptionId}/reauthorize</para>
/// <para>Permissions: Presence.Read.All; application: none in Graph, Presence.Read.All as ours. Only whoever
/// created it, while the permission is granted.</para>
/// <para>Body: none.</para>
/// <para>Answers: 204; 400 a body with members; 401; 403; 404 it is not there, or no longer, or not the caller's;
/// 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/subscription-reauthorize</para>
/// </remarks>
public static class ReauthorizeSubscription
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call, mayBeEmpty: true);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            body.Members();
            if (body.Refusal is { } fault)
            {
                return fault;
            }
        }
        await SubscriptionAccess.CatchUpIfUnknownAsync(call);
        if (SubscriptionAccess.FindOwn(call) is not { } found)
        {
            return SubscriptionAccess.Gone;
        }
        if (SubscriptionAccess.Withdrawn(call) is { } withdrawn)
        {
            return withdrawn;
        }
        var result = AnsweredSequence.Tell(
            call,
            await call.Server.Node.ExecuteAsync(
                new SubscriptionReauthorized(found.Id, SubscriptionAccess.AuthorizedUntil(call))
            )
        );
        return SubscriptionAccess.NoContent(call, result.Subscription);
    }
}
