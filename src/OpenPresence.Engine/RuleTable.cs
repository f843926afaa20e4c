using static OpenPresence.Engine.Grade;

namespace OpenPresence.Engine;

/// <summary>A row of the table of rules.</summary>
/// <param name="Rule">The rule's name.</param>
/// <param name="Statement">What it says, in a sentence for people.</param>
/// <param name="Evidence">Where it comes from.</param>
public sealed record RuleRow(MergeRule Rule, string Statement, Evidence Evidence);

/// <summary>
/// Why a presence shows what it shows: a row for each <see cref="MergeRule"/>, with its source. The order of
/// the steps is in <c>View.cs</c>, the order of the pairs in <c>PairTable.cs</c>.
/// </summary>
public static class RuleTable
{
    private const string Manage = "/graph/cloud-communications-manage-presence-state";

    // Stryker disable String : statements and sources are for people to read
    // csharpier-ignore-start
    private static readonly RuleRow[] Table =
    [
        Row(MergeRule.NoSession, Documented, "/graph/api/presence-clearpresence",
            "Without a session a person is Offline, whatever they prefer."),
        Row(MergeRule.NoSessionOutOfOffice, Ours, Manage + " names no availability",
            "Without a session, out of office shows as Offline/OutOfOffice."),
        Row(MergeRule.Preferred, Documented, "/graph/api/presence-setuserpreferredpresence",
            "What a person prefers is shown over every session while there is one."),
        Row(MergeRule.Session, Documented, Manage,
            "The most significant session is shown: DoNotDisturb, Busy, Available, Away."),
        Row(MergeRule.FadedSession, Documented, Manage,
            "An application's Available that is not renewed fades after five and ten minutes."),
        Row(MergeRule.Meeting, Inferred, Manage,
            "A meeting counts as a Busy/InAMeeting session while a real one exists."),
        Row(MergeRule.Focus, Inferred, Manage + ", older copies",
            "A focus time counts as a DoNotDisturb/Focusing session while a real one exists."),
        Row(MergeRule.AvailableOutOfOffice, Documented, Manage,
            "Out of office, Available/Available shows as Available/OutOfOffice."),
    ];
    // csharpier-ignore-end
    // Stryker restore String

    /// <summary>The rows, in the order of <see cref="MergeRule"/>.</summary>
    public static IReadOnlyList<RuleRow> Rows { get; } = Table.AsReadOnly();

    /// <summary>The row of a rule.</summary>
    public static RuleRow Of(MergeRule rule) => Table[(int)rule];

    /// <summary>How many rules there are.</summary>
    internal static int Count => Table.Length;

    private static RuleRow Row(MergeRule rule, Grade grade, string source, string statement) =>
        new(rule, statement, new Evidence(grade, source));
}
