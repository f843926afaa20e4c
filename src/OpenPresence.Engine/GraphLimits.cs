namespace OpenPresence.Engine;

/// <summary>Graph's own numbers, each with its source. They are the same for every tenant.</summary>
public static class GraphLimits
{
    /// <summary>An application's session without a duration. Source: presence-setpresence (documented).</summary>
    public static readonly TimeSpan SessionDurationDefault = TimeSpan.FromMinutes(5);

    /// <summary>The shortest session, PT5M. Source: presence-setpresence (documented).</summary>
    public static readonly TimeSpan SessionDurationMin = TimeSpan.FromMinutes(5);

    /// <summary>The longest session, PT4H. Source: presence-setpresence (documented).</summary>
    public static readonly TimeSpan SessionDurationMax = TimeSpan.FromHours(4);

    /// <summary>
    /// After this an application's Available becomes AvailableInactive, and after as long again Away.
    /// Source: cloud-communications-manage-presence-state (documented).
    /// </summary>
    public static readonly TimeSpan FadeStep = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A preferred DoNotDisturb or Busy without a duration. Source: presence-setuserpreferredpresence
    /// (documented).
    /// </summary>
    public static readonly TimeSpan PreferredDurationBusyDefault = TimeSpan.FromDays(1);

    /// <summary>Any other preferred presence without a duration. Source: the same page (documented).</summary>
    public static readonly TimeSpan PreferredDurationDefault = TimeSpan.FromDays(7);

    /// <summary>How long a preferred presence holds when the caller does not say.</summary>
    public static TimeSpan PreferredDurationOf(PresencePair pair) =>
        pair.Availability is Availability.DoNotDisturb or Availability.Busy
            ? PreferredDurationBusyDefault
            : PreferredDurationDefault;
}
