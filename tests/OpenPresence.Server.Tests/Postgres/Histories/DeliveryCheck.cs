namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>A notification: what a receiver was told of a person.</summary>
internal sealed record Told(string Receiver, string Person, string Value);

/// <summary>
/// Judges what receivers were told, in the order in which it came, against what readers saw of a person, in the order of
/// its versions. Each receiver is told at least once:
///
/// <para>1. of the last state, last, whatever happened on the way;</para>
/// <para>2. of every state, in order, as long as no owner died and no receiver was behind: who comes after one that died
/// tells of people as they are then, not of how they came to it;</para>
/// <para>3. of nothing that never was.</para>
/// </summary>
internal static class DeliveryCheck
{
    /// <param name="people">Of each person the states that were visible, the oldest first, without the one at the beginning.</param>
    /// <param name="receivers">All of those who watch everybody.</param>
    /// <param name="told">In the order in which it came.</param>
    /// <param name="tried">Person and value of writes without an answer, which may have been visible unseen.</param>
    /// <param name="wantsEveryState">Whether nothing happened that lets states go untold.</param>
    public static List<string> Faults(
        IReadOnlyDictionary<string, IReadOnlyList<string>> people,
        IReadOnlyList<string> receivers,
        IReadOnlyList<Told> told,
        IReadOnlySet<(string Person, string Value)> tried,
        bool wantsEveryState
    )
    {
        var each = told.ToLookup(one => (one.Receiver, one.Person), one => one.Value);
        return
        [
            .. from person in people
            where person.Value.Count > 0
            from receiver in receivers
            let values = each[(receiver, person.Key)].ToArray()
            from fault in FaultsOf(person.Key, person.Value, values, tried, wantsEveryState)
            select $"{receiver} of {person.Key}: {fault}",
        ];
    }

    /// <summary>
    /// What was told twice in a row. At least once is all that is promised, but with one deliverer each, who neither dies nor
    /// meets a receiver that is slow, it is once.
    /// </summary>
    public static List<string> Repeats(IEnumerable<Told> told) =>
        [
            .. from one in told.GroupBy(each => (each.Receiver, each.Person))
            let values = one.Select(each => each.Value).ToArray()
            from repeat in values.Zip(values.Skip(1)).Where(pair => pair.First == pair.Second)
            select $"{one.Key.Receiver} of {one.Key.Person}: twice {repeat.First}",
        ];

    private static IEnumerable<string> FaultsOf(
        string person,
        IReadOnlyList<string> states,
        string[] told,
        IReadOnlySet<(string Person, string Value)> tried,
        bool wantsEveryState
    )
    {
        // 1.
        if (told.Length == 0 || told[^1] != states[^1])
        {
            yield return $"last told {(told.Length == 0 ? "of nobody" : told[^1])}, it is {states[^1]}";
        }
        // 2.
        if (wantsEveryState && Untold(states, told) is { } untold)
        {
            yield return $"not told of state {untold} of {states.Count}, {states[untold]}";
        }
        // 3.
        if (told.FirstOrDefault(value => !states.Contains(value) && !IsTried(value)) is { } wrong)
        {
            yield return $"told of {wrong}, which never was";
        }

        bool IsTried(string value) => tried.Contains((person, value));
    }

    /// <summary>The first state that is not found, going once through what was told.</summary>
    private static int? Untold(IReadOnlyList<string> states, string[] told)
    {
        var next = 0;
        foreach (var value in told)
        {
            if (next < states.Count && value == states[next])
            {
                next++;
            }
        }
        return next == states.Count ? null : next;
    }
}
