using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// Everything that is known of one person's presence: the layers of
/// cloud-communications-manage-presence-state. A record is a value: a command makes a new one.
/// What a reader sees is never stored in it; it is merged from it at an instant.
/// </summary>
/// <remarks>
/// <para>Sessions are ordered by <see cref="Session.Key"/> as its text reads, applications before devices, so
/// that equal sessions make equal records whatever order they came in.</para>
/// <para>Intervals of the calendar are UTC: zones and recurrences are resolved before a command is made,
/// because their tables differ between machines.</para>
/// </remarks>
public sealed record PresenceRecord
{
    /// <summary>Of a person of whom nothing is known yet.</summary>
    public static PresenceRecord Empty { get; } = new();

    /// <summary>One per application and one per device of the person, ordered by key.</summary>
    public ImmutableArray<Session> Sessions { get; init; } = [];

    /// <summary>What the person chose to show instead of the sessions, while there is one.</summary>
    public PreferredPresence? Preferred { get; init; }

    /// <summary>The person's status message.</summary>
    public StatusMessage? StatusMessage { get; init; }

    /// <summary>
    /// Meetings, absences, focus times and planned places, ordered by start, then end, kind, location and
    /// place. <see cref="SetCalendar"/> puts them in this order.
    /// </summary>
    public ImmutableArray<CalendarSpan> Calendar { get; init; } = [];

    /// <summary>The mailbox's automatic replies; they mean out of office while they are on.</summary>
    public AutomaticReplies? AutomaticReplies { get; init; }

    /// <summary>Where the person said to work today.</summary>
    public LocationSignal? ManualLocation { get; init; }

    /// <summary>Where a device or a network noticed the person to work today.</summary>
    public LocationSignal? AutomaticLocation { get; init; }

    /// <summary>Whether nothing is known.</summary>
    public bool IsEmpty =>
        Sessions.IsEmpty
        && Calendar.IsEmpty
        && Preferred is null
        && StatusMessage is null
        && AutomaticReplies is null
        && ManualLocation is null
        && AutomaticLocation is null;

    /// <inheritdoc />
    public bool Equals(PresenceRecord? other) =>
        other is not null
        && Sessions.AsSpan().SequenceEqual(other.Sessions.AsSpan())
        && Preferred == other.Preferred
        && StatusMessage == other.StatusMessage
        && Calendar.AsSpan().SequenceEqual(other.Calendar.AsSpan())
        && AutomaticReplies == other.AutomaticReplies
        && ManualLocation == other.ManualLocation
        && AutomaticLocation == other.AutomaticLocation;

    /// <inheritdoc />
    public override int GetHashCode() => HashCode.Combine(Sessions.Length, Preferred, StatusMessage, Calendar.Length);
}

/// <summary>Who stands behind a session.</summary>
public enum SessionKind : byte
{
    /// <summary>An application that called setPresence; only the five pairs.</summary>
    Application = 0,

    /// <summary>A device of the person (Graph: a Teams client); any readable pair.</summary>
    Device = 1,
}

/// <summary>A session of an application or a device, and what it says.</summary>
/// <param name="Kind">Application or device.</param>
/// <param name="Key">The application's client id, or the device's id.</param>
/// <param name="Pair">What it was last told to show.</param>
/// <param name="SetAt">When it was last told; fading counts from here.</param>
/// <param name="ExpiresAt">When it ends unless it is renewed.</param>
public readonly record struct Session(SessionKind Kind, Guid Key, PresencePair Pair, Instant SetAt, Instant ExpiresAt);

/// <summary>What a person chose to show, over every session.</summary>
/// <param name="Pair">One of the six pairs of setUserPreferredPresence.</param>
/// <param name="SetAt">When it was chosen.</param>
/// <param name="ExpiresAt">When it ends.</param>
public sealed record PreferredPresence(PresencePair Pair, Instant SetAt, Instant ExpiresAt);

/// <summary>A person's status message.</summary>
/// <param name="Content">Plain text.</param>
/// <param name="PublishedAt">When it was set.</param>
/// <param name="ExpiresAt">When it vanishes; null: never.</param>
public sealed record StatusMessage(string Content, Instant PublishedAt, Instant? ExpiresAt)
{
    /// <summary>Whether it has not expired.</summary>
    public bool IsOn(Instant at) => ExpiresAt is not { } expiresAt || expiresAt > at;
}

/// <summary>What a span of the calendar means for presence.</summary>
public enum CalendarSpanKind : byte
{
    /// <summary>Busy in a meeting.</summary>
    Meeting = 0,

    /// <summary>Shown as out of office.</summary>
    OutOfOffice = 1,

    /// <summary>Focus time.</summary>
    Focus = 2,

    /// <summary>Only says where the person plans to work.</summary>
    Place = 3,
}

/// <summary>A span of the calendar, already in UTC and without recurrence.</summary>
/// <param name="Kind">What it means.</param>
/// <param name="StartAt">First instant inside.</param>
/// <param name="EndAt">First instant after it; later than the start.</param>
/// <param name="Location">For <see cref="CalendarSpanKind.Place"/>: where.</param>
/// <param name="PlaceId">For <see cref="CalendarSpanKind.Place"/>: the place, if known.</param>
public readonly record struct CalendarSpan(
    CalendarSpanKind Kind,
    Instant StartAt,
    Instant EndAt,
    WorkLocationType Location = WorkLocationType.Unspecified,
    string? PlaceId = null
);

/// <summary>The mailbox's automatic replies, as far as presence shows them.</summary>
/// <param name="StartAt">Since when they are sent; null: since always.</param>
/// <param name="EndAt">First instant after them; null: until switched off.</param>
/// <param name="Message">The reply, shown as <c>outOfOfficeSettings.message</c>.</param>
public sealed record AutomaticReplies(Instant? StartAt, Instant? EndAt, string? Message)
{
    /// <summary>Whether they are sent.</summary>
    public bool IsOn(Instant at) =>
        (StartAt is not { } startAt || startAt <= at) && (EndAt is not { } endAt || endAt > at);
}

/// <summary>Where a person works. Numbers as in the schema (graph.workLocationType).</summary>
public enum WorkLocationType : byte
{
    /// <summary>Nothing is known.</summary>
    Unspecified = 0,

    /// <summary>At the office.</summary>
    Office = 1,

    /// <summary>Elsewhere.</summary>
    Remote = 2,

    /// <summary>Not working.</summary>
    TimeOff = 3,
}

/// <summary>Which layer a work location comes from. Numbers as in the schema (graph.workLocationSource).</summary>
public enum WorkLocationSource : byte
{
    /// <summary>Nothing is known.</summary>
    None = 0,

    /// <summary>The person said so.</summary>
    Manual = 1,

    /// <summary>The calendar's plan.</summary>
    Scheduled = 2,

    /// <summary>A device noticed.</summary>
    Automatic = 3,
}

/// <summary>A work location that a person or a program signalled for the current date.</summary>
/// <param name="Type">Where.</param>
/// <param name="PlaceId">The place, if known.</param>
/// <param name="ExpiresAt">The end of that date in the person's zone.</param>
public sealed record LocationSignal(WorkLocationType Type, string? PlaceId, Instant ExpiresAt);
