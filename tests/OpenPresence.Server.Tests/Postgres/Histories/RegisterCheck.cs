namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>
/// Judges a history: is there one order of everything that happened to a person, the same on all nodes, that explains every
/// answer? Each person's presence is a register with expiry, and answers name its version, so that nothing need be guessed:
///
/// <para>1. A version is one value, on whichever node it is read.</para>
/// <para>2. Nobody reads what nobody had begun to write.</para>
/// <para>3. What was over before a write began has an older version than the write, or the same: one order that respects
/// time, over all nodes.</para>
/// <para>4. A node never goes back: of two reads, one after the other, the later sees no older version.</para>
/// <para>5. Whoever wrote on a node reads there what was written, or something newer: with 3 and 4, a node is
/// linearisable.</para>
/// <para>6. Whoever takes a version along to another node reads there that one or a newer one: read your writes, and reads
/// that never go back, over all nodes.</para>
/// <para>7. What was acknowledged is not lost: what is read in the end is no older.</para>
/// <para>8. Nothing expires before its time.</para>
///
/// That everything expires in the end, and that all nodes agree then, is asked by whoever waits for it:
/// <see cref="Overdue"/>, <see cref="Disagreements"/>.
/// </summary>
internal static class RegisterCheck
{
    /// <summary>What is wrong with a history, a sentence each; none: it can be explained.</summary>
    public static List<string> Faults(IEnumerable<Operation> history) =>
        [
            .. history
                .Where(operation => operation.IsWrite || operation.IsKnown)
                .GroupBy(operation => operation.Person)
                .SelectMany(person =>
                    FaultsOf([.. person.OrderBy(operation => operation.InvokedAt)])
                        .Select(fault => $"{person.Key}: {fault}")
                ),
        ];

    /// <summary>The people of whom nodes, read when all was quiet, say different things.</summary>
    public static List<string> Disagreements(IEnumerable<Operation> lastReads) =>
        [
            .. from person in lastReads.GroupBy(read => read.Person)
            let answers = person.Select(read => (read.Value, read.Sequence)).Distinct().ToArray()
            where answers.Length > 1
            select $"{person.Key}: {string.Join("; ", person)}",
        ];

    /// <summary>Those of some reads that show what should have expired before they began.</summary>
    public static List<string> Overdue(IEnumerable<Operation> history, IEnumerable<Operation> reads)
    {
        var writes = history.Where(each => each.IsWrite).ToLookup(each => (each.Person, each.Value));
        return
        [
            .. from read in reads
            where read.Value != Operation.Nothing
            let told = writes[(read.Person, read.Value)].ToArray()
            let last = told.Where(write => write.IsKnown).MaxBy(write => write.InvokedAt)
            let isAlive = told.Any(write =>
                (last is null || !write.IsBefore(last))
                && (!write.IsKnown || write.CompletedAt + write.LivesFor > read.InvokedAt)
            )
            where !isAlive
            select $"{read.Person}: overdue: {read}",
        ];
    }

    private static IEnumerable<string> FaultsOf(Operation[] all)
    {
        var reads = all.Where(operation => !operation.IsWrite).ToArray();
        var writes = all.Where(operation => operation.IsWrite).ToArray();
        var order = new RegisterOrder(all);
        return
        [
            .. TwoValuesOfAVersion(reads),
            .. FromNowhere(reads, writes),
            .. OutOfOrder(all, writes),
            .. WentBack(reads),
            .. OwnWriteUnread(reads, writes, order),
            .. LeftBehind(all, order),
            .. Lost(reads, writes, order),
            .. TooEarly(reads, writes, order),
        ];
    }

    // 1.
    private static IEnumerable<string> TwoValuesOfAVersion(Operation[] reads) =>
        from version in reads.GroupBy(read => read.Sequence)
        let first = version.First()
        let other = version.FirstOrDefault(read => read.Value != first.Value)
        where other is not null
        select $"one version, two values: {first}; {other}";

    // 2.
    private static IEnumerable<string> FromNowhere(Operation[] reads, Operation[] writes)
    {
        var begun = writes
            .GroupBy(write => write.Value)
            .ToDictionary(value => value.Key, value => value.Min(write => write.InvokedAt));
        return from read in reads
            where read.Value != Operation.Nothing
            where !begun.TryGetValue(read.Value, out var at) || at > read.CompletedAt
            select $"nobody had written it: {read}";
    }

    // 3.
    private static IEnumerable<string> OutOfOrder(Operation[] all, Operation[] writes)
    {
        var newest = new Newest(all);
        return from write in writes
            where write.Sequence is not null
            let before = newest.Before(write.InvokedAt)
            where before is not null && string.CompareOrdinal(before.Sequence, write.Sequence) > 0
            select $"a version older than what was over before: {before}; {write}";
    }

    // 4.
    private static IEnumerable<string> WentBack(Operation[] reads) =>
        from node in reads.GroupBy(read => read.Node)
        let newest = new Newest(node)
        from read in node
        let before = newest.Before(read.InvokedAt)
        where before is not null && string.CompareOrdinal(before.Sequence, read.Sequence) > 0
        select $"a node went back: {before}; {read}";

    // 5.
    private static IEnumerable<string> OwnWriteUnread(Operation[] reads, Operation[] writes, RegisterOrder order) =>
        from node in reads.GroupBy(read => read.Node)
        let newest = new Newest(writes.Where(write => write.Node == node.Key))
        from read in node
        let before = newest.Before(read.InvokedAt)
        where before is not null && order.IsOlder(read, before)
        select $"a node's own write is not there: {before}; {read}";

    // 6.
    private static IEnumerable<string> LeftBehind(Operation[] all, RegisterOrder order) =>
        from client in all.GroupBy(operation => operation.Client)
        let newestRead = new Newest(client.Where(operation => !operation.IsWrite))
        let newestWrite = new Newest(client.Where(operation => operation.IsWrite))
        from read in client
        where !read.IsWrite && read.After is not null
        let before = new[] { newestRead.Before(read.InvokedAt), newestWrite.Before(read.InvokedAt) }.FirstOrDefault(
            operation => operation is not null && order.IsOlder(read, operation)
        )
        where before is not null
        select $"a client that took its version along was left behind: {before}; {read}";

    // 7.
    private static IEnumerable<string> Lost(Operation[] reads, Operation[] writes, RegisterOrder order)
    {
        var last = reads.MaxBy(read => read.InvokedAt);
        return last is null
            ? []
            : from write in writes
            where write.IsKnown && write.IsBefore(last)
            where write.Sequence is null ? IsReplacedBy(write, last, writes) : order.IsOlder(last, write)
            select $"an acknowledged write is lost: {write}; in the end {last}";
    }

    /// <summary>Whether everything that can explain what is read in the end was over before a write began.</summary>
    private static bool IsReplacedBy(Operation write, Operation last, Operation[] writes) =>
        last.Value != Operation.Nothing
        && last.Value != write.Value
        && writes.Where(other => other.Value == last.Value).All(other => other.IsBefore(write));

    // 8.
    private static IEnumerable<string> TooEarly(Operation[] reads, Operation[] writes, RegisterOrder order) =>
        from read in reads
        where read.Value == Operation.Nothing
        let gone = order.Before(read)
        // It begins with nothing, and of two of those in a row something between was not seen.
        where gone is not (null or Operation.Nothing)
        where !MayBeGone(gone, read, writes)
        select $"{gone} is gone before its time: {read}";

    /// <summary>Whether its time was over, or somebody may have cleared it.</summary>
    private static bool MayBeGone(string gone, Operation read, Operation[] writes)
    {
        var last = writes
            .Where(write =>
                write.Value == gone
                && write.IsKnown
                && write.Sequence is not null
                && string.CompareOrdinal(write.Sequence, read.Sequence) < 0
            )
            .MaxBy(write => write.InvokedAt);
        return writes.Any(write =>
            write.InvokedAt <= read.CompletedAt
            && (last is null || !write.IsBefore(last))
            && (
                write.Value == Operation.Nothing
                // One that came late, or without an answer, may have come between, unseen.
                || ((write.Value == gone || !write.WasSurelySeen) && IsOver(write, read))
            )
        );
    }

    private static bool IsOver(Operation write, Operation read) =>
        write.LivesFor is { } time && write.InvokedAt + time <= read.CompletedAt;

    /// <summary>Finds, of what was over by an instant, the one with the newest version.</summary>
    private sealed class Newest
    {
        private readonly TimeSpan[] completed;
        private readonly Operation[] newest;

        public Newest(IEnumerable<Operation> operations)
        {
            Operation[] known =
            [
                .. operations
                    .Where(each => each.IsKnown && each.Sequence is not null)
                    .OrderBy(each => each.CompletedAt),
            ];
            completed = Array.ConvertAll(known, each => each.CompletedAt);
            for (var i = 1; i < known.Length; i++)
            {
                if (string.CompareOrdinal(known[i - 1].Sequence, known[i].Sequence) > 0)
                {
                    known[i] = known[i - 1];
                }
            }
            newest = known;
        }

        public Operation? Before(TimeSpan at)
        {
            var index = Array.BinarySearch(completed, at);
            index = index < 0 ? ~index : index;
            while (index > 0 && completed[index - 1] >= at)
            {
                index--;
            }
            return index == 0 ? null : newest[index - 1];
        }
    }
}
