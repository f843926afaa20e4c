using static OpenPresence.Engine.Activity;
using static OpenPresence.Engine.Grade;
using static OpenPresence.Engine.PairUses;
using A = OpenPresence.Engine.Availability;

namespace OpenPresence.Engine;

/// <summary>What a pair may be used for.</summary>
[Flags]
public enum PairUses : byte
{
    /// <summary>Nothing: the pair is not in the table.</summary>
    None = 0,

    /// <summary>A reader may see it, and a device of the person may report it.</summary>
    Read = 1,

    /// <summary>An application may set it: setPresence.</summary>
    Set = 2,

    /// <summary>The person may prefer it: setUserPreferredPresence.</summary>
    Prefer = 4,
}

/// <summary>A row of the table of pairs.</summary>
/// <param name="Pair">The pair.</param>
/// <param name="Uses">Everything that it may be used for.</param>
/// <param name="Rank">Among sessions the highest rank is shown. No two rows share one.</param>
/// <param name="RankEvidence">Where the rank comes from.</param>
/// <param name="UsesEvidence">Where the uses come from.</param>
public sealed record PairRow(PresencePair Pair, PairUses Uses, int Rank, Evidence RankEvidence, Evidence UsesEvidence);

/// <summary>Every pair that exists here, what it may be used for, and its precedence among sessions.</summary>
/// <remarks>
/// <para>This is the only place where precedence stands. The tempting wrong change is to order the enums so
/// that a comparison of their numbers would do: those numbers are bytes in files, and precedence differs
/// from one version of the documentation to the next.</para>
/// <para>The tens of a rank are the availability's. DoNotDisturb, Busy, Available, Away is documented in that
/// order. Ours: BeRightBack stands between Available and Away, since who is right back is nearer than who
/// is away; an idle availability stands right below its own; Offline and PresenceUnknown come last.</para>
/// <para>The ones are the activity's: the more specific activity wins. Available goes the other way: an
/// Available that was just confirmed says more than one that has faded or seen no input.</para>
/// <para>Ranks are distinct, so what is shown never depends on which of two sessions came first. A pair that
/// is not in the table ranks below all of them; nothing can set one.</para>
/// </remarks>
public static class PairTable
{
    private const string Manage = "/graph/cloud-communications-manage-presence-state";

    // Stryker disable String : sources are for people to read
    // Where the uses of a pair come from.
    private static readonly Evidence Concept = new(Documented, Manage);
    private static readonly Evidence OldConcept = new(Documented, Manage + ", older copies");
    private static readonly Evidence SetPage = new(Documented, "/graph/api/presence-setpresence");
    private static readonly Evidence PreferPage = new(Documented, "/graph/api/presence-setuserpreferredpresence");
    private static readonly Evidence ClearPage = new(Documented, "/graph/api/presence-clearpresence");
    private static readonly Evidence GetPage = new(
        Documented,
        "/graph/api/presence-get, example of an application's read"
    );
    private static readonly Evidence OldValues = new(
        Inferred,
        "/graph/api/resources/presence lists the values until 2024, but no pairs"
    );
    private static readonly Evidence Bare = new(Ours, Manage + " shows OutOfOffice without an availability");

    // Where the ranks come from.
    private static readonly Evidence Order = new(Documented, Manage + ": DoNotDisturb > Busy > Available > Away");
    private static readonly Evidence Detail = new(Ours, "the more specific activity says more");
    private static readonly Evidence Surer = new(Ours, "a confirmed Available says more");
    private static readonly Evidence Idle = new(Ours, "right below the same without idleness");
    private static readonly Evidence Nearer = new(Ours, "who is right back is nearer than away");
    private static readonly Evidence Nothing = new(Ours, "says nothing that a session could");

    // Stryker restore String

    private const PairUses CanSet = Read | Set;
    private const PairUses CanPrefer = Read | Prefer;
    private const PairUses CanSetOrPrefer = Read | Set | Prefer;

    // One row a line, so that it reads as the table it is.
    // csharpier-ignore-start
    private static readonly PairRow[] Table =
    [
        // pair                                        uses          rank and why  source of the uses
        Row(A.DoNotDisturb,   Presenting,              CanSet,         73, Detail,  SetPage),
        Row(A.DoNotDisturb,   Focusing,                Read,           72, Detail,  OldConcept),
        Row(A.DoNotDisturb,   UrgentInterruptionsOnly, Read,           71, Detail,  OldValues),
        Row(A.DoNotDisturb,   DoNotDisturb,            CanPrefer,      70, Order,   PreferPage),
        Row(A.Busy,           InAConferenceCall,       CanSet,         63, Detail,  SetPage),
        Row(A.Busy,           InACall,                 CanSet,         62, Detail,  SetPage),
        Row(A.Busy,           InAMeeting,              Read,           61, Detail,  Concept),
        Row(A.Busy,           Busy,                    CanPrefer,      60, Order,   PreferPage),
        Row(A.BusyIdle,       Inactive,                Read,           50, Idle,    OldValues),
        Row(A.Available,      Available,               CanSetOrPrefer, 42, Order,   SetPage),
        Row(A.Available,      OutOfOffice,             Read,           41, Surer,   Concept),
        Row(A.Available,      AvailableInactive,       Read,           40, Surer,   Concept),
        Row(A.AvailableIdle,  Inactive,                Read,           30, Idle,    OldValues),
        Row(A.BeRightBack,    BeRightBack,             CanPrefer,      20, Nearer,  PreferPage),
        Row(A.Away,           BeRightBack,             Read,           11, Nearer,  GetPage),
        Row(A.Away,           Away,                    CanSetOrPrefer, 10, Order,   SetPage),
        Row(A.Offline,        OutOfOffice,             Read,            4, Nothing, Bare),
        Row(A.Offline,        OffWork,                 CanPrefer,       3, Nothing, PreferPage),
        Row(A.Offline,        Offline,                 Read,            2, Nothing, ClearPage),
        Row(A.PresenceUnknown, PresenceUnknown,        Read,            1, Nothing, OldValues),
    ];
    // csharpier-ignore-end

    private const int Activities = (int)UrgentInterruptionsOnly + 1;
    private const int Availabilities = (int)A.Offline + 1;

    // Stryker disable all : made once in a process, and Stryker keeps its process (CONTRIBUTING.md)
    // Both are derived from the rows once: the rules ask them for every session of every write.
    private static readonly sbyte[] Ranks = new sbyte[Availabilities * Activities];
    private static readonly PairUses[] Uses = new PairUses[Availabilities * Activities];

    static PairTable()
    {
        foreach (var row in Table)
        {
            Ranks[IndexOf(row.Pair)] = (sbyte)row.Rank;
            Uses[IndexOf(row.Pair)] = row.Uses;
        }
    }

    // Stryker restore all

    /// <summary>The rows, the most significant first.</summary>
    public static IReadOnlyList<PairRow> Rows { get; } = Table.AsReadOnly();

    /// <summary>The precedence of a pair among sessions: the highest is shown; 0: not in the table.</summary>
    public static int RankOf(PresencePair pair) => IsNamed(pair) ? Ranks[IndexOf(pair)] : 0;

    /// <summary>What a pair may be used for.</summary>
    public static PairUses UsesOf(PresencePair pair) => IsNamed(pair) ? Uses[IndexOf(pair)] : PairUses.None;

    /// <summary>A number for each combination of names, legal or not; 0 is PresenceUnknown.</summary>
    internal static int IndexOf(PresencePair pair) => (int)pair.Availability * Activities + (int)pair.Activity;

    /// <summary>How many numbers <see cref="IndexOf"/> gives.</summary>
    internal static int IndexCount => Ranks.Length;

    // Stryker disable once all : asked for what is made once in a process, see above
    internal static PresencePair PairAt(int index) =>
        new((Availability)(index / Activities), (Activity)(index % Activities));

    internal static bool IsNamed(PresencePair pair) =>
        (int)pair.Availability < Availabilities && (int)pair.Activity < Activities;

    private static PairRow Row(
        Availability availability,
        Activity activity,
        PairUses uses,
        int rank,
        Evidence rankEvidence,
        Evidence usesEvidence
    ) => new(new PresencePair(availability, activity), uses, rank, rankEvidence, usesEvidence);
}
