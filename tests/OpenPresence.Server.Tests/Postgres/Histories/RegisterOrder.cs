namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>
/// One person's versions, as far as they are known. A read names the version of what it saw. A write names its place in the order
/// of everything, which is a version only if it changed anything: to renew what is there makes no new one, nor does what is over
/// when its turn comes.
/// </summary>
internal sealed class RegisterOrder
{
    private readonly SortedList<string, string> versions = new(StringComparer.Ordinal);

    public RegisterOrder(IEnumerable<Operation> ofOnePerson)
    {
        foreach (var operation in ofOnePerson.Where(IsVersion))
        {
            versions.TryAdd(operation.Sequence!, operation.Value);
        }
    }

    /// <summary>The values, the oldest first.</summary>
    public IEnumerable<string> Values => versions.Values;

    /// <summary>The value before what a read saw; null: none is known.</summary>
    public string? Before(Operation read)
    {
        var index = versions.IndexOfKey(read.Sequence!);
        return index > 0 ? versions.Values[index - 1] : null;
    }

    /// <summary>Whether a read saw what was there before another operation took its place.</summary>
    public bool IsOlder(Operation read, Operation other)
    {
        if (string.CompareOrdinal(read.Sequence, other.Sequence) >= 0)
        {
            return false;
        }
        if (!other.IsWrite || (IsVersion(other) && read.Value != other.Value))
        {
            return true;
        }
        // What it wrote was there already, or over before it came: no new version, unless something lies between.
        return versions.Any(version =>
            string.CompareOrdinal(version.Key, read.Sequence) > 0
            && string.CompareOrdinal(version.Key, other.Sequence) < 0
            && version.Value != read.Value
        );
    }

    /// <summary>Whether an operation is known to have seen or made what it says; a write that took its whole life may not.</summary>
    private static bool IsVersion(Operation operation) =>
        operation.Sequence is not null && (!operation.IsWrite || operation.WasSurelySeen);
}
