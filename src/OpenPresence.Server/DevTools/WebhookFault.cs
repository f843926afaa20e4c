using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.DevTools;

/// <summary>Which notifications a fault meets.</summary>
internal sealed record WebhookMatch
{
    /// <summary>What they tell of; null: anything.</summary>
    public NoticeKind? Kind { get; init; }

    /// <summary>The subscription; null: any.</summary>
    public Guid? SubscriptionId { get; init; }

    /// <summary>The application that subscribed; null: any.</summary>
    public Guid? ApplicationId { get; init; }

    /// <summary>The person whose presence is told; null: anybody.</summary>
    public Guid? UserId { get; init; }
}

/// <summary>What becomes of a notification. A delay comes first; then at most one of the others.</summary>
internal sealed record WebhookEffect
{
    /// <summary>How long it waits, by the node's clock, and what is behind it too.</summary>
    public TimeSpan Delay { get; init; }

    /// <summary>It is lost on the way: never sent, and counted as delivered.</summary>
    public bool Drop { get; init; }

    /// <summary>It is sent once more.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The next one for the same address overtakes it.</summary>
    public bool Reorder { get; init; }

    /// <summary>Its validation tokens have expired.</summary>
    public bool ExpiredTokens { get; init; }
}

/// <summary>A fault of notifications that is set.</summary>
internal sealed class WebhookFault(string id, WebhookMatch match, FaultOdds odds, WebhookEffect effect)
    : CountedFault(id, odds)
{
    public WebhookMatch Match => match;

    public WebhookEffect Effect => effect;

    /// <summary>Whether this notification is met; counts it.</summary>
    public bool Takes(in Notice notice) => Matches(notice) && Meets();

    private bool Matches(in Notice notice)
    {
        var subscription = notice.Watch.Subscription;
        return (match.Kind is not { } kind || kind == notice.Kind)
            && (match.SubscriptionId is not { } id || id == subscription.Id)
            && (match.ApplicationId is not { } app || app == subscription.ApplicationId)
            && (match.UserId is not { } user || user == notice.PersonId)
            && (!effect.ExpiredTokens || notice.HasTokens);
    }
}

/// <summary>The faults of notifications that are set.</summary>
internal sealed class WebhookFaults() : FaultList<WebhookFault>("webhook-fault")
{
    /// <summary>The first that meets the notification; null: none does.</summary>
    public WebhookFault? Take(in Notice notice)
    {
        foreach (var fault in All)
        {
            if (fault.Takes(notice))
            {
                return fault;
            }
        }
        return null;
    }
}
