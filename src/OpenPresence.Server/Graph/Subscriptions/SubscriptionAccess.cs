using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// Which subscriptions a caller sees and changes. A person through an application: those that the two
/// made together. An application: all of its own, also those that it made for people, but it renews only what it
/// made for itself, because with that goes the person's consent. <c>Subscription.Read.All</c> shows all of the tenant.
/// What a caller may not see is not there: 404, as if it had never been.
/// </summary>
internal static class SubscriptionAccess
{
    /// <summary>What a list of the caller's shows.</summary>
    public static OwnerFilter Visible(GraphCall call) =>
        call.Access == Access.Everyone ? default
        : call.Caller.UserId is { } user ? new OwnerFilter(call.Caller.ApplicationId, user)
        : new OwnerFilter(call.Caller.ApplicationId);

    /// <summary>The subscription that the path names, if the caller sees it.</summary>
    public static Subscription? Find(GraphCall call) =>
        Guid.TryParseExact(call.InnerKey, "D", out var id)
        && call.Server.Node.State.Subscriptions.TryGet(id, out var found)
        && found.TenantId == call.Caller.TenantId
        && Visible(call).Has(OwnedKey.Of(found))
            ? found
            : null;

    /// <summary>
    /// Ends when the one that the path names is known here, or is known not to exist: another node may have made it a
    /// moment ago.
    /// </summary>
    public static async ValueTask CatchUpIfUnknownAsync(GraphCall call)
    {
        if (Find(call) is null && Guid.TryParseExact(call.InnerKey, "D", out _))
        {
            await call.Server.Node.CatchUpWithinAsync(
                CatchingUp.RequestMax,
                call.Server.Time,
                call.Http.RequestAborted
            );
        }
    }

    /// <summary>The same, if it is the caller's own.</summary>
    public static Subscription? FindOwn(GraphCall call) =>
        Find(call) is { } found
        && found.ApplicationId == call.Caller.ApplicationId
        && found.UserId == call.Caller.UserId
            ? found
            : null;

    /// <summary>
    /// Until when the caller's token allows delivery, by the node's clock. An application's right stands in the
    /// directory and ends with the application, not with one of its tokens.
    /// </summary>
    public static Instant AuthorizedUntil(GraphCall call) =>
        call.Caller.Kind == CallerKind.Application
            ? Instant.Never
            : call.Server.Node.State.Clock.Now + (call.Caller.ExpiresAt - call.Server.Time.GetUtcNow());

    /// <summary>
    /// The refusal of a token that says more than the directory grants by now: with it, what was withdrawn could be
    /// taken back. Null: it is granted, or the directory is not the register.
    /// </summary>
    public static Refusal? Withdrawn(GraphCall call) =>
        call.Caller.IsOfDirectory
        && call.Server.Directory.TryGetApplication(call.Caller.ApplicationId, out var application)
        && !SubscriptionGrant.IsHeld(application, call.Caller.UserId)
            ? new Refusal(call.Route.Denial)
            {
                Details =
                [
                    new(
                        SubscriptionGrant.Permission,
                        "The directory does not grant it to this application, whatever the token says."
                    ),
                ],
            }
            : null;

    /// <summary>It is not there, or no longer.</summary>
    public static Refusal Gone { get; } = new(RefusalKind.SubscriptionNotFound);

    /// <summary>Another one has the same owner, people and address.</summary>
    public static Refusal Same(GraphCall call, Subscription wanted) =>
        new(RefusalKind.SameSubscriptionExists, $"{call.Server.Node.State.Subscriptions.FindSame(wanted)?.Id}");

    /// <summary>Answers 204, unless it went meanwhile.</summary>
    public static Refusal? NoContent(GraphCall call, SubscriptionOutcome outcome)
    {
        if (outcome == SubscriptionOutcome.Gone)
        {
            return Gone;
        }
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    /// <summary>Whether the call's cloud has subscriptions to presence: with Graph only the global one.</summary>
    public static bool IsOffered(GraphCall call) => call.Cloud == Cloud.Global || call.Server.Options.GoesBeyondGraph;
}
