namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Where a tool of a developer attaches to delivery and lets notifications go wrong on purpose. Delivery owns the hook and
/// knows nothing of the tool; without one it looks at a null.
/// </summary>
internal interface IFaultInjection
{
    /// <summary>Whether any fault is set.</summary>
    bool IsAny { get; }

    /// <summary>Told when some were taken away.</summary>
    Action? Removed { get; set; }

    /// <summary>The first fault that meets the notification; null: none does.</summary>
    InjectedFault? Take(in Notice notice);

    /// <summary>Whether the fault is still set.</summary>
    bool IsSet(InjectedFault fault);
}

/// <summary>A fault that met a notification.</summary>
/// <param name="Id">Its name where it met something.</param>
/// <param name="Effect">What it does.</param>
internal sealed record InjectedFault(string Id, InjectedEffect Effect);

/// <summary>What becomes of a notification. A delay comes first; then at most one of the others.</summary>
internal sealed record InjectedEffect
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
