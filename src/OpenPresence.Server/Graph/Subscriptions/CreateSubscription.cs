using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>A caller subscribes to changes of presence.</summary>
/// <remarks>
/// <para>Route: POST /subscriptions</para>
/// <para>Permissions: Presence.Read.All; application: none in Graph, Presence.Read.All as ours.</para>
/// <para>Body: resource, changeType (updated), notificationUrl, expirationDateTime (at most 60 minutes from now,
/// raised to 45); clientState (128 characters), lifecycleNotificationUrl, includeResourceData with
/// encryptionCertificate (base64 of DER, RSA of 2048 to 4096 bits) and encryptionCertificateId (128 characters),
/// latestSupportedTlsVersion (v1_0 to v1_3, default v1_2), notificationUrlAppId.</para>
/// <para>Answers: 201 the subscription; 400 naming each member at fault, or an address that did not answer its
/// validation within 10 s; 401; 403, also when the tenant has as many as it may; 409 there is one already; 429;
/// 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/subscription-post-subscriptions</para>
/// </remarks>
public static class CreateSubscription
{
    /// <summary>People who are named in one refusal.</summary>
    public const int PeopleNamedMax = 10;

    private static readonly BodyRules Rules = new()
    {
        ShapeFault = RefusalKind.PayloadUnreadable,
        ValueFault = RefusalKind.InvalidRequest,
    };

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (!SubscriptionAccess.IsOffered(call))
        {
            return new Refusal(RefusalKind.BadRequest, "Subscriptions to presence are not offered in this cloud.");
        }
        var (body, refusal) = await ActionBody.ReadAsync(call, Rules);
        if (body is null)
        {
            return refusal;
        }
        Subscription wanted;
        using (body)
        {
            wanted = SubscriptionBody.Read(call, body);
            refusal = body.Refusal;
        }
        refusal ??= SubscriptionAccess.Withdrawn(call);
        return refusal ?? Unknown(call, wanted) ?? await CreateAsync(call, wanted);
    }

    private static async ValueTask<Refusal?> CreateAsync(GraphCall call, Subscription wanted)
    {
        if (
            await SubscriptionHandshakes.AskAsync(
                call,
                ("notificationUrl", wanted.NotificationUrl),
                ("lifecycleNotificationUrl", wanted.LifecycleNotificationUrl)
            ) is
            { } unreachable
        )
        {
            return unreachable;
        }
        var options = call.Server.Options;
        var result = AnsweredSequence.Tell(
            call,
            await call.Server.Node.ExecuteAsync(
                new SubscriptionCreated(wanted, options.SubscriptionsPerTenantMax, IsOnlyOne: !options.GoesBeyondGraph)
            )
        );
        if (RefusalOf(call, wanted, result.Subscription) is { } refusal)
        {
            return refusal;
        }
        call.Http.Response.StatusCode = StatusCodes.Status201Created;
        call.Http.Response.Headers.Location = $"{call.Root.Url}/subscriptions('{wanted.Id}')";
        JsonAnswer.Write(
            call,
            SubscriptionJson.EntityContext,
            json => SubscriptionJson.Write(json, call, wanted, showsClientState: true)
        );
        return null;
    }

    private static Refusal? RefusalOf(GraphCall call, Subscription wanted, SubscriptionOutcome outcome) =>
        outcome switch
        {
            SubscriptionOutcome.Done => null,
            SubscriptionOutcome.OwnerHasOne => new(RefusalKind.OwnerHasSubscription),
            SubscriptionOutcome.SameExists => SubscriptionAccess.Same(call, wanted),
            SubscriptionOutcome.QuotaReached => new(
                RefusalKind.SubscriptionQuotaReached,
                $"{wanted.ApplicationId}",
                $"{call.Server.Options.SubscriptionsPerTenantMax}",
                $"{wanted.TenantId}"
            ),
            SubscriptionOutcome.PersonUnknown => Unknown(call, wanted)
                ?? new(RefusalKind.UserNotFound, $"{wanted.UserId}"),
            _ => throw new NotSupportedException($"No answer for {outcome}."),
        };

    /// <summary>Names those who are to be watched and are not in the tenant; decided again as it is applied.</summary>
    private static Refusal? Unknown(GraphCall call, Subscription wanted)
    {
        if (wanted.WatchesEveryone)
        {
            return null;
        }
        var unknown = wanted
            .People.Where(id => !call.Server.Board.TryGetTenantOf(id, out var tenantId) || tenantId != wanted.TenantId)
            .ToList();
        if (unknown.Count == 0)
        {
            return null;
        }
        var named = string.Join(", ", unknown.Take(PeopleNamedMax));
        return new Refusal(
            call.Server.Options.Strict ? RefusalKind.WatchedPersonUnknownToGraph : RefusalKind.WatchedPersonUnknown,
            unknown.Count > PeopleNamedMax ? named + ", …" : named
        )
        {
            Target = "resource",
        };
    }
}
