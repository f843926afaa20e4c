using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>A subscription ends.</summary>
/// <remarks>
/// <para>Route: DELETE /subscriptions/{subscriptionId}</para>
/// <para>Permissions: Presence.Read.All; application: none in Graph, Presence.Read.All as ours. Only the application
/// that created it, and for a person only that person.</para>
/// <para>Body: none.</para>
/// <para>Answers: 204; 401; 403; 404 it is not there, or no longer, or not the caller's; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/subscription-delete</para>
/// </remarks>
public static class DeleteSubscription
{
    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        await SubscriptionAccess.CatchUpIfUnknownAsync(call);
        if (SubscriptionAccess.Find(call) is not { } found)
        {
            return SubscriptionAccess.Gone;
        }
        var result = AnsweredSequence.Tell(
            call,
            await call.Server.Node.ExecuteAsync(new SubscriptionDeleted(found.Id))
        );
        return SubscriptionAccess.NoContent(call, result.Subscription);
    }
}
