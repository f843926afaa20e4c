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

    /// <summary>The person whose presence is told; null: any person.</summary>
    public Guid? UserId { get; init; }
}

/// <summary>A fault of notifications that is set.</summary>
internal sealed class WebhookFault(string id, WebhookMatch match, FaultOdds odds, InjectedEffect effect)
    : CountedFault(id, odds)
{
    public WebhookMatch Match => match;

    public InjectedEffect Effect => effect;

    /// <summary>As delivery knows it.</summary>
    public InjectedFault Injected { get; } = new(id, effect);

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
internal sealed class WebhookFaults() : FaultList<WebhookFault>("webhook-fault"), IFaultInjection
{
    /// <summary>The first that meets the notification; null: none does.</summary>
    public InjectedFault? Take(in Notice notice)
    {
        foreach (var fault in All)
        {
            if (fault.Takes(notice))
            {
                return fault.Injected;
            }
        }
        return null;
    }

    /// <inheritdoc />
    public bool IsSet(InjectedFault fault) => All.Any(set => set.Id == fault.Id);
}
