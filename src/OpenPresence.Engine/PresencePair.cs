namespace OpenPresence.Engine;

/// <summary>
/// The availability that Graph shows for a person; on the wire the name of the member, in PascalCase.
/// The numbers are part of the file formats: append, never renumber. They carry no precedence; see
/// the table in <c>PairTable.cs</c>. Source: /graph/api/resources/presence, older list (grade D).
/// </summary>
public enum Availability : byte
{
    /// <summary>No presence is known of this person.</summary>
    PresenceUnknown = 0,

    /// <summary>Free to be contacted.</summary>
    Available = 1,

    /// <summary>Available, but the device has seen no input for a while.</summary>
    AvailableIdle = 2,

    /// <summary>Not at the device.</summary>
    Away = 3,

    /// <summary>Away for a short while.</summary>
    BeRightBack = 4,

    /// <summary>Occupied.</summary>
    Busy = 5,

    /// <summary>Busy, but the device has seen no input for a while.</summary>
    BusyIdle = 6,

    /// <summary>Wants no interruption.</summary>
    DoNotDisturb = 7,

    /// <summary>Not signed in anywhere.</summary>
    Offline = 8,
}

/// <summary>
/// What a person is doing, a supplement to <see cref="Availability"/>; on the wire the name of the member.
/// The numbers are part of the file formats: append, never renumber. Source: /graph/api/resources/presence
/// (older list, grade D) and cloud-communications-manage-presence-state (AvailableInactive, Focusing; grade D).
/// </summary>
public enum Activity : byte
{
    /// <summary>No presence is known of this person.</summary>
    PresenceUnknown = 0,

    /// <summary>Nothing in particular.</summary>
    Available = 1,

    /// <summary>Available five minutes ago and not confirmed since.</summary>
    AvailableInactive = 2,

    /// <summary>Not at the device.</summary>
    Away = 3,

    /// <summary>Away for a short while.</summary>
    BeRightBack = 4,

    /// <summary>Busy, without saying with what.</summary>
    Busy = 5,

    /// <summary>Wants no interruption, without saying why.</summary>
    DoNotDisturb = 6,

    /// <summary>Focus time.</summary>
    Focusing = 7,

    /// <summary>In a call between two.</summary>
    InACall = 8,

    /// <summary>In a call with several.</summary>
    InAConferenceCall = 9,

    /// <summary>No input for a while.</summary>
    Inactive = 10,

    /// <summary>In a meeting of the calendar.</summary>
    InAMeeting = 11,

    /// <summary>Not signed in anywhere.</summary>
    Offline = 12,

    /// <summary>Chose to appear offline.</summary>
    OffWork = 13,

    /// <summary>Out of office by calendar or automatic reply.</summary>
    OutOfOffice = 14,

    /// <summary>Sharing a screen.</summary>
    Presenting = 15,

    /// <summary>Only urgent interruptions.</summary>
    UrgentInterruptionsOnly = 16,
}

/// <summary>An availability with its activity, the two that Graph always sets and shows together.</summary>
/// <param name="Availability">The availability.</param>
/// <param name="Activity">The activity.</param>
public readonly record struct PresencePair(Availability Availability, Activity Activity)
{
    /// <summary>Nothing is known of the person.</summary>
    public static PresencePair Unknown => new(Availability.PresenceUnknown, Activity.PresenceUnknown);

    /// <summary>No session, no preference that shows, no out-of-office.</summary>
    public static PresencePair Offline => new(Availability.Offline, Activity.Offline);

    /// <summary><c>Availability/Activity</c>, as people write it.</summary>
    public override string ToString() => $"{Availability}/{Activity}";
}
