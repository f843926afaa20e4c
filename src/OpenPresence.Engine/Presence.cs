namespace OpenPresence.Engine;

/// <summary>
/// What a reader sees of a person: the layers of a <see cref="PresenceRecord"/> merged at an instant.
/// </summary>
/// <param name="Pair">Availability and activity.</param>
/// <param name="Rule">The row of the rule table that decided the pair.</param>
/// <param name="IsOutOfOffice">Whether a calendar absence or an automatic reply is on.</param>
/// <param name="OutOfOfficeMessage">The automatic reply, while it is on.</param>
/// <param name="StatusMessage">The status message, while it has not expired.</param>
/// <param name="WorkLocation">Where the person works.</param>
public sealed record Presence(
    PresencePair Pair,
    MergeRule Rule,
    bool IsOutOfOffice,
    string? OutOfOfficeMessage,
    StatusMessage? StatusMessage,
    WorkLocation WorkLocation
)
{
    /// <summary>Of a person without any session or fact.</summary>
    public static Presence Offline => PlainPresences.Of(PresencePair.Offline, MergeRule.NoSession);
}

/// <summary>Where a person works, as <c>workLocation</c> shows it.</summary>
/// <param name="Type">Where.</param>
/// <param name="Source">Which layer said so.</param>
/// <param name="PlaceId">The place, if known.</param>
public sealed record WorkLocation(WorkLocationType Type, WorkLocationSource Source, string? PlaceId)
{
    /// <summary>Nothing is known.</summary>
    public static WorkLocation None { get; } = new(WorkLocationType.Unspecified, WorkLocationSource.None, null);
}

/// <summary>Which rule decided the pair that is shown; each is a row of the table in <c>RuleTable.cs</c>.</summary>
public enum MergeRule : byte
{
    /// <summary>No session exists: Offline/Offline.</summary>
    NoSession = 0,

    /// <summary>No session exists and the person is out of office: Offline/OutOfOffice.</summary>
    NoSessionOutOfOffice = 1,

    /// <summary>The preferred presence hides every session.</summary>
    Preferred = 2,

    /// <summary>The most significant session.</summary>
    Session = 3,

    /// <summary>The most significant session, after fading.</summary>
    FadedSession = 4,

    /// <summary>A meeting counts as a Busy/InAMeeting session while a real one exists.</summary>
    Meeting = 5,

    /// <summary>A focus time counts as a DoNotDisturb/Focusing session while a real one exists.</summary>
    Focus = 6,

    /// <summary>Available/Available while out of office: Available/OutOfOffice.</summary>
    AvailableOutOfOffice = 7,
}
