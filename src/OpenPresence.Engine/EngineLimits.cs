namespace OpenPresence.Engine;

/// <summary>
/// Our own limits on what one person's record may hold. Part of the rules, not settings: two nodes with
/// different limits would decide the same command differently.
/// </summary>
public static class EngineLimits
{
    /// <summary>
    /// The most sessions of one person, of applications and devices together. A new one beyond it is
    /// <see cref="Outcome.TooManySessions"/>; those that exist can always be renewed and cleared.
    /// </summary>
    public const int SessionsPerPersonMax = 64;

    /// <summary>
    /// The most spans of one person's calendar that have not ended; more are
    /// <see cref="Outcome.TooManyCalendarSpans"/>, and the calendar stays as it was.
    /// </summary>
    public const int CalendarSpansPerPersonMax = 2_000;

    /// <summary>
    /// The most UTF-16 code units of a status message. The reference pages name no limit; 280 is what the
    /// Teams client lets a person type.
    /// </summary>
    public const int StatusMessageCharactersMax = 280;

    /// <summary>The most UTF-16 code units of an automatic reply, as <c>outOfOfficeSettings</c> shows it.</summary>
    public const int AutomaticReplyCharactersMax = 4_096;

    /// <summary>The most UTF-16 code units of a place's id.</summary>
    public const int PlaceIdCharactersMax = 256;

    /// <summary>The shortest time that a device may promise between two heartbeats.</summary>
    public static readonly TimeSpan DeviceDurationMin = TimeSpan.FromSeconds(10);

    /// <summary>How long a device lives without a heartbeat when it does not say.</summary>
    public static readonly TimeSpan DeviceDurationDefault = TimeSpan.FromMinutes(5);

    /// <summary>The longest time that a device may promise between two heartbeats.</summary>
    public static readonly TimeSpan DeviceDurationMax = TimeSpan.FromHours(24);
}
