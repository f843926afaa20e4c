using System.Collections.Immutable;

namespace OpenPresence.Engine;

/// <summary>Why a person shows what they show.</summary>
/// <param name="Presence">What a reader sees.</param>
/// <param name="Rule">The row of the rule table that decided the pair, with its source.</param>
/// <param name="Layers">Everything that had a say: out of office, the preference, then the sessions, real
/// ones and the calendar's, the most significant first.</param>
/// <param name="NextChangeAt">When it changes by itself; null: never.</param>
/// <param name="Next">What a reader will see then; null: it never changes by itself.</param>
public sealed record Explanation(
    Presence Presence,
    RuleRow Rule,
    ImmutableArray<Layer> Layers,
    Instant? NextChangeAt,
    Presence? Next
);

/// <summary>What a layer is.</summary>
public enum LayerKind : byte
{
    /// <summary>A calendar absence or automatic replies.</summary>
    OutOfOffice = 0,

    /// <summary>What the person prefers.</summary>
    Preferred = 1,

    /// <summary>An application's session.</summary>
    Application = 2,

    /// <summary>A device's session.</summary>
    Device = 3,

    /// <summary>A meeting of the calendar.</summary>
    Meeting = 4,

    /// <summary>A focus time of the calendar.</summary>
    Focus = 5,
}

/// <summary>What became of a layer.</summary>
public enum LayerStanding : byte
{
    /// <summary>It decides what is shown.</summary>
    Shown = 0,

    /// <summary>A more significant layer hides it.</summary>
    Hidden = 1,

    /// <summary>It counts only beside a session, and there is none.</summary>
    Waiting = 2,
}

/// <summary>One layer of a presence.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Standing">What became of it.</param>
/// <param name="Key">A session's key; otherwise null.</param>
/// <param name="Said">The pair that it was told to show; null: it has none of its own.</param>
/// <param name="Shows">The pair that it stands for now, after fading; null as above.</param>
/// <param name="SinceAt">Since when; null: not known.</param>
/// <param name="EndsAt">When it ends; null: not by itself, or not known.</param>
public sealed record Layer(
    LayerKind Kind,
    LayerStanding Standing,
    Guid? Key,
    PresencePair? Said,
    PresencePair? Shows,
    Instant? SinceAt,
    Instant? EndsAt
);
