using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// When a subscriber is reminded that its token's authority, or the subscription itself, is about to end. With more than
/// three hours left, when a quarter of that is left; with more than one, when half is; below that, every
/// 15 minutes. Pure.
/// </summary>
/// <remarks>Source: https://learn.microsoft.com/graph/change-notifications-lifecycle-events</remarks>
internal static class ReauthorizationSchedule
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(180);
    private static readonly TimeSpan Middle = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(15);

    /// <summary>The next reminder; null: there is none before the end.</summary>
    public static Instant? NextAt(Instant now, Instant endsAt)
    {
        var left = endsAt - now;
        var next =
            left > Long ? endsAt - left / 4
            : left >= Middle ? endsAt - left / 2
            : now + Short;
        return next < endsAt ? next : null;
    }
}
