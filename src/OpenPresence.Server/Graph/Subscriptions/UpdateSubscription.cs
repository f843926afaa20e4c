using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>A subscription is to last longer, or to go to another address; that counts as reauthorised too.</summary>
/// <remarks>
/// <para>Route: PATCH /subscriptions/{subscriptionId}</para>
/// <para>Permissions: Presence.Read.All; application: none in Graph, Presence.Read.All as ours. Only whoever
/// created it, while the permission is granted.</para>
/// <para>Body: expirationDateTime (at most 60 minutes from now, raised to 45), notificationUrl, encryptionCertificate
/// with encryptionCertificateId, which count from the next notification on; one of them at least.</para>
/// <para>Answers: 200 the subscription; 400 naming each member at fault, or an address that did not answer its
/// validation within 10 s; 401; 403; 404 it is not there, or no longer, or not the caller's; 409 another one of the
/// same people has the new address; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/subscription-update</para>
/// </remarks>
public static class UpdateSubscription
{
    private static readonly string[] Names =
    [
        "expirationDateTime",
        "notificationUrl",
        Certificate,
        CertificateId,
        "lifecycleNotificationUrl",
    ];

    private const string Certificate = "encryptionCertificate";
    private const string CertificateId = "encryptionCertificateId";

    private static readonly BodyRules Rules = new()
    {
        ShapeFault = RefusalKind.InvalidRequest,
        ValueFault = RefusalKind.InvalidRequest,
    };

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call, Rules);
        if (body is null)
        {
            return refusal;
        }
        SubscriptionUpdated change;
        using (body)
        {
            change = Read(call, body);
            refusal = body.Refusal;
        }
        if (refusal is not null)
        {
            return refusal;
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
        return await SubscriptionHandshakes.AskAsync(call, ("notificationUrl", change.NotificationUrl))
            ?? await UpdateAsync(call, change with { Id = found.Id });
    }

    /// <summary>What the body wants, of whichever subscription the path names.</summary>
    private static SubscriptionUpdated Read(GraphCall call, ActionBody body)
    {
        var members = new SubscriptionMembers(call, body, Names);
        members.RefuseIfGiven(
            "lifecycleNotificationUrl",
            "can be given to a new subscription only: delete this one and create another."
        );
        CheckCertificate(members);
        if (!members.Has("expirationDateTime") && !members.Has("notificationUrl") && !members.Has(Certificate))
        {
            // COMPAT(graph): msgraph-sdk-java issue 2323 (R)
            body.Fault(
                "expirationDateTime",
                "Subscription must contain either the 'expirationDateTime' or 'notificationUrl' property and its value."
            );
        }
        return new SubscriptionUpdated(
            Guid.Empty,
            members.ExpiresAt("expirationDateTime"),
            members.Url("notificationUrl"),
            SubscriptionAccess.AuthorizedUntil(call)
        )
        {
            EncryptionCertificate = members.Certificate(Certificate),
            EncryptionCertificateId = members.Text(CertificateId, SubscriptionLimits.CertificateIdCharsMax),
        };
    }

    /// <summary>A new certificate under the old name would be looked for in vain, and so would the old one under a new.</summary>
    private static void CheckCertificate(SubscriptionMembers members)
    {
        if (members.Has(Certificate))
        {
            members.RequireText(CertificateId, "with encryptionCertificate");
        }
        if (members.Has(CertificateId))
        {
            members.RequireText(Certificate, "with encryptionCertificateId");
        }
    }

    private static async ValueTask<Refusal?> UpdateAsync(GraphCall call, SubscriptionUpdated change)
    {
        var result = AnsweredSequence.Tell(call, await call.Server.Node.ExecuteAsync(change));
        if (result.Subscription == SubscriptionOutcome.SameExists && SubscriptionAccess.FindOwn(call) is { } was)
        {
            return SubscriptionAccess.Same(call, was with { NotificationUrl = change.NotificationUrl! });
        }
        if (
            result.Subscription != SubscriptionOutcome.Done
            || !call.Server.Node.State.Subscriptions.TryGet(change.Id, out var updated)
        )
        {
            return SubscriptionAccess.Gone;
        }
        JsonAnswer.Write(
            call,
            SubscriptionJson.EntityContext,
            json => SubscriptionJson.Write(json, call, updated, showsClientState: true)
        );
        return null;
    }
}
