using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>
/// What can be done to one person's presence record. A command is complete: pairs, durations and intervals
/// were checked and defaults filled in before it was made, so that applying it depends on nothing but
/// the record and the instant.
/// </summary>
public abstract record PresenceCommand;

/// <summary>An application sets or renews its session.</summary>
/// <param name="ApplicationId">The calling application's client id, the session's key.</param>
/// <param name="Pair">One of the five settable pairs.</param>
/// <param name="Duration">How long the session lives from now: 5 to 240 minutes.</param>
public sealed record SetPresence(Guid ApplicationId, PresencePair Pair, TimeSpan Duration) : PresenceCommand;

/// <summary>An application ends its session; without one the outcome is <see cref="Outcome.SessionNotFound"/>.</summary>
/// <param name="ApplicationId">The session's key.</param>
public sealed record ClearPresence(Guid ApplicationId) : PresenceCommand;

/// <summary>A device of the person says what it shows, and that it is alive.</summary>
/// <param name="DeviceId">The session's key.</param>
/// <param name="Pair">Any readable pair.</param>
/// <param name="Duration">How long the session lives without another heartbeat.</param>
public sealed record ReportDevice(Guid DeviceId, PresencePair Pair, TimeSpan Duration) : PresenceCommand;

/// <summary>A device signs off; without a session the outcome is <see cref="Outcome.SessionNotFound"/>.</summary>
/// <param name="DeviceId">The session's key.</param>
public sealed record RemoveDevice(Guid DeviceId) : PresenceCommand;

/// <summary>The person chooses what to show.</summary>
/// <param name="Pair">One of the six preferred pairs.</param>
/// <param name="Duration">How long it holds.</param>
public sealed record SetUserPreferredPresence(PresencePair Pair, TimeSpan Duration) : PresenceCommand;

/// <summary>The person goes back to what the sessions say; harmless when nothing was chosen.</summary>
public sealed record ClearUserPreferredPresence : PresenceCommand;

/// <summary>The person sets a status message; an empty one clears it.</summary>
/// <param name="Content">Plain text; empty: no message.</param>
/// <param name="ExpiresAt">When it vanishes; null: never.</param>
public sealed record SetStatusMessage(string Content, Instant? ExpiresAt) : PresenceCommand;

/// <summary>The person says where they work today.</summary>
/// <param name="Type">Where.</param>
/// <param name="PlaceId">The place, if known.</param>
/// <param name="ExpiresAt">The end of today in the person's zone.</param>
public sealed record SetManualLocation(WorkLocationType Type, string? PlaceId, Instant ExpiresAt) : PresenceCommand;

/// <summary>A device noticed where the person works today.</summary>
/// <param name="Type">Where.</param>
/// <param name="PlaceId">The place, if known.</param>
/// <param name="ExpiresAt">The end of today in the person's zone.</param>
public sealed record SetAutomaticLocation(WorkLocationType Type, string? PlaceId, Instant ExpiresAt) : PresenceCommand;

/// <summary>Drops the automatic signal.</summary>
public sealed record ClearAutomaticLocation : PresenceCommand;

/// <summary>Drops the manual and the automatic signal.</summary>
public sealed record ClearLocation : PresenceCommand;

/// <summary>Replaces the calendar's facts.</summary>
/// <param name="Spans">In UTC; in any order, which the record does not keep.</param>
public sealed record SetCalendar(ImmutableArray<CalendarSpan> Spans) : PresenceCommand
{
    /// <inheritdoc />
    public bool Equals(SetCalendar? other) => other is not null && Spans.AsSpan().SequenceEqual(other.Spans.AsSpan());

    /// <inheritdoc />
    public override int GetHashCode() => Spans.Length;
}

/// <summary>Replaces the mailbox's automatic replies.</summary>
/// <param name="Replies">The setting; null: switched off.</param>
public sealed record SetAutomaticReplies(AutomaticReplies? Replies) : PresenceCommand;

/// <summary>
/// The person's account was disabled: what the person and their programs and devices said ends. What the mailbox
/// says stays, because it says it of the person, whichever user is signed in.
/// </summary>
public sealed record SignOut : PresenceCommand;

/// <summary>What became of a command that was applied. Closed: each has a row in the table of answers.</summary>
public enum Outcome : byte
{
    /// <summary>Applied.</summary>
    Done = 0,

    /// <summary>There is no such session; nothing changed.</summary>
    SessionNotFound = 1,

    /// <summary>
    /// A new session beyond <see cref="EngineLimits.SessionsPerPersonMax"/>; nothing changed.
    /// </summary>
    TooManySessions = 2,

    /// <summary>
    /// More spans to come than <see cref="EngineLimits.CalendarSpansPerPersonMax"/>; nothing changed.
    /// </summary>
    TooManyCalendarSpans = 3,
}

/// <summary>The record after a command, and what became of the command.</summary>
/// <param name="Record">Without what had ended; the same instance when nothing changed.</param>
/// <param name="Outcome">Done, or why not.</param>
public readonly record struct Decision(PresenceRecord Record, Outcome Outcome);
