namespace OpenPresence.Server.Calendar;

/// <summary>
/// The bounds of a calendar that is sent in. The body's own is that of every body; how many spans a person
/// may have is the engine's.
/// </summary>
public static class CalendarLimits
{
    /// <summary>
    /// How far recurrences are expanded. Whoever sends calendars sends them again well before it has passed;
    /// a longer one costs memory for every person, and what lies far ahead changes anyway.
    /// </summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromDays(60);

    /// <summary>The most events of one calendar.</summary>
    public const int EventsMax = 5_000;

    /// <summary>
    /// The most days that recurrence rules may try, over the whole calendar: some hundredths of a second. Rules
    /// without COUNT begin at today and need 60 or so; one with COUNT is followed from its start.
    /// </summary>
    public const int DaysTriedMax = 2_000_000;

    /// <summary>The most faults that one answer names.</summary>
    public const int FaultsMax = 20;

    /// <summary>The deepest nesting of components; real ones have three.</summary>
    public const int DepthMax = 8;

    /// <summary>The first year of a date: programs that do not know the year of a birthday write 1604.</summary>
    public const int YearMin = 1600;

    /// <summary>The last year of a date; it leaves room for any zone and any length.</summary>
    public const int YearMax = 9000;

    /// <summary>The longest event, in days.</summary>
    public const int LengthDaysMax = 36_525;

    /// <summary>The most characters of a value that a message repeats.</summary>
    public const int EchoCharsMax = 60;
}
