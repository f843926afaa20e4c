using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>Reads one subscription.</summary>
/// <remarks>
/// <para>Route: GET /subscriptions/{subscriptionId}</para>
/// <para>Permissions: Presence.Read.All for those that application and person made together, Subscription.Read.All for
/// all of the tenant; application: none in Graph, Presence.Read.All for its own as ours.</para>
/// <para>Body: none.</para>
/// <para>Answers: 200 the subscription, clientState null; 401; 403; 404 it is not there, or no longer, or not the
/// caller's; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/subscription-get</para>
/// </remarks>
public static class GetSubscription
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        await SubscriptionAccess.CatchUpIfUnknownAsync(call);
        if (SubscriptionAccess.Find(call) is not { } found)
        {
            return SubscriptionAccess.Gone;
        }
        JsonAnswer.Write(
            call,
            SubscriptionJson.EntityContext,
            json => SubscriptionJson.Write(json, call, found, showsClientState: false)
        );
        return null;
    }
}
