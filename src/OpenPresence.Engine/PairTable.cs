using static OpenPresence.Engine.Activity;
using static OpenPresence.Engine.Availability;
using static OpenPresence.Engine.Grade;
using static OpenPresence.Engine.PairUses;

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
/// <param name="Evidence">Where uses and rank come from.</param>
public sealed record PairRow(PresencePair Pair, PairUses Uses, int Rank, Evidence Evidence);

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
    private const string SetPage = Manage + " and /graph/api/presence-setpresence";
    private const string PreferPage = Manage + " and /graph/api/presence-setuserpreferredpresence";
    private const string GetPage = "/graph/api/presence-get, the examples";
    private const string OldValues = "/graph/api/resources/presence, the values listed until 2024";

    private const PairUses SetOnly = Read | Set;
    private const PairUses PreferOnly = Read | Prefer;
    private const PairUses SetPrefer = Read | Set | Prefer;

    // One row a line, so that it reads as the table it is.
    // csharpier-ignore-start
    private static readonly PairRow[] Table =
    [
        Row(Availability.DoNotDisturb, Presenting,              SetOnly,    73, Documented, SetPage),
        Row(Availability.DoNotDisturb, Focusing,                Read,       72, Documented, Manage),
        Row(Availability.DoNotDisturb, UrgentInterruptionsOnly, Read,       71, Inferred,   OldValues),
        Row(Availability.DoNotDisturb, Activity.DoNotDisturb,   PreferOnly, 70, Documented, PreferPage),
        Row(Availability.Busy,         InAConferenceCall,       SetOnly,    63, Documented, SetPage),
        Row(Availability.Busy,         InACall,                 SetOnly,    62, Documented, SetPage),
        Row(Availability.Busy,         InAMeeting,              Read,       61, Documented, Manage),
        Row(Availability.Busy,         Activity.Busy,           PreferOnly, 60, Documented, PreferPage),
        Row(BusyIdle,                  Inactive,                Read,       50, Inferred,   OldValues),
        Row(Availability.Available,    Activity.Available,      SetPrefer,  42, Documented, SetPage),
        Row(Availability.Available,    Activity.OutOfOffice,    Read,       41, Documented, Manage),
        Row(Availability.Available,    AvailableInactive,       Read,       40, Documented, Manage),
        Row(AvailableIdle,             Inactive,                Read,       30, Inferred,   OldValues),
        Row(Availability.BeRightBack,  Activity.BeRightBack,    PreferOnly, 20, Documented, PreferPage),
        Row(Availability.Away,         Activity.BeRightBack,    Read,       11, Documented, GetPage),
        Row(Availability.Away,         Activity.Away,           SetPrefer,  10, Documented, SetPage),
        Row(Availability.Offline,      Activity.OutOfOffice,    Read,        4, Ours,       OutOfOfficeAlone),
        Row(Availability.Offline,      OffWork,                 PreferOnly,  3, Documented, PreferPage),
        Row(Availability.Offline,      Activity.Offline,        Read,        2, Documented, ClearPage),
        Row(Availability.PresenceUnknown, Activity.PresenceUnknown, Read,    1, Documented, OldValues),
    ];
    // csharpier-ignore-end

    private const string OutOfOfficeAlone = Manage + " says OutOfOffice without an availability";
    private const string ClearPage = "/graph/api/presence-clearpresence";

    private const int Activities = (int)UrgentInterruptionsOnly + 1;
    private const int Availabilities = (int)Availability.Offline + 1;

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

    /// <summary>The rows, the most significant first.</summary>
    public static IReadOnlyList<PairRow> Rows { get; } = Table.AsReadOnly();

    /// <summary>The precedence of a pair among sessions: the highest is shown; 0: not in the table.</summary>
    public static int RankOf(PresencePair pair) => IsNamed(pair) ? Ranks[IndexOf(pair)] : 0;

    /// <summary>What a pair may be used for.</summary>
    public static PairUses UsesOf(PresencePair pair) =>
        IsNamed(pair) ? Uses[IndexOf(pair)] : PairUses.None;

    /// <summary>A number for each combination of names, legal or not; 0 is PresenceUnknown.</summary>
    internal static int IndexOf(PresencePair pair) =>
        (int)pair.Availability * Activities + (int)pair.Activity;

    /// <summary>How many numbers <see cref="IndexOf"/> gives.</summary>
    internal static int IndexCount => Ranks.Length;

    internal static PresencePair PairAt(int index) =>
        new((Availability)(index / Activities), (Activity)(index % Activities));

    internal static bool IsNamed(PresencePair pair) =>
        (int)pair.Availability < Availabilities && (int)pair.Activity < Activities;

    private static PairRow Row(
        Availability availability,
        Activity activity,
        PairUses uses,
        int rank,
        Grade grade,
        string source
    ) => new(new PresencePair(availability, activity), uses, rank, new Evidence(grade, source));
}
