namespace OpenPresence.Engine;

/// <summary>
/// A point in time, in UTC, counted in ticks of 100 ns since 0001-01-01. The engine never asks for the
/// time: every rule is told an instant. One plain number, so that two nodes can never disagree about
/// offsets, kinds or cultures, and so that it fits a packed row.
/// </summary>
/// <param name="Ticks">100 ns ticks since 0001-01-01T00:00:00Z.</param>
public readonly record struct Instant(long Ticks) : IComparable<Instant>
{
    /// <summary>Later than everything that can happen; stands for "never".</summary>
    public static Instant Never => new(DateTime.MaxValue.Ticks);

    /// <summary>The instant that an offset date-time names.</summary>
    public static Instant From(DateTimeOffset value) => new(value.UtcTicks);

    /// <summary>The same instant for the world outside the engine.</summary>
    public DateTimeOffset ToDateTimeOffset() => new(Ticks, TimeSpan.Zero);

    /// <inheritdoc />
    public int CompareTo(Instant other) => Ticks.CompareTo(other.Ticks);

    /// <summary>
    /// The instant <paramref name="duration"/> after <paramref name="at"/>; <see cref="Never"/> at most, and the
    /// beginning of the calendar at least.
    /// </summary>
    // Stryker disable once Equality : the sum of that very duration is Never
    public static Instant operator +(Instant at, TimeSpan duration) =>
        duration.Ticks > Never.Ticks - at.Ticks ? Never : new(Math.Max(at.Ticks + duration.Ticks, 0));

    /// <summary>The instant <paramref name="duration"/> before <paramref name="at"/>; bounded likewise.</summary>
    public static Instant operator -(Instant at, TimeSpan duration) =>
        duration.Ticks == long.MinValue ? Never : at + duration.Negate();

    /// <summary>How long after <paramref name="earlier"/> the instant <paramref name="later"/> lies.</summary>
    public static TimeSpan operator -(Instant later, Instant earlier) => new(later.Ticks - earlier.Ticks);

    /// <summary>Whether the left instant lies before the right one.</summary>
    public static bool operator <(Instant left, Instant right) => left.Ticks < right.Ticks;

    /// <summary>Whether the left instant lies after the right one.</summary>
    public static bool operator >(Instant left, Instant right) => left.Ticks > right.Ticks;

    /// <summary>Whether the left instant is not after the right one.</summary>
    public static bool operator <=(Instant left, Instant right) => left.Ticks <= right.Ticks;

    /// <summary>Whether the left instant is not before the right one.</summary>
    public static bool operator >=(Instant left, Instant right) => left.Ticks >= right.Ticks;

    /// <summary>The earlier of two instants.</summary>
    // Stryker disable once Equality : of two that are equal either is the earlier
    public static Instant Min(Instant left, Instant right) => left < right ? left : right;

    /// <summary>ISO 8601 with seven fractional digits and a Z, as Graph writes instants.</summary>
    public override string ToString() =>
        new DateTime(Ticks, DateTimeKind.Utc).ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'");
}
