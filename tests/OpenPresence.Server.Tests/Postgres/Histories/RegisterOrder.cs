namespace OpenPresence.Server.Tests.Postgres.Histories;

/// <summary>
/// One person's versions, as far as they are known. A read names the version of what it saw. A write names its place in the order
/// of everything, which is a version only if it changed anything: to renew what is there makes no new one.
/// </summary>
internal sealed class RegisterOrder
{
    private readonly SortedList<string, string> versions = new(StringComparer.Ordinal);

    public RegisterOrder(IEnumerable<Operation> ofOnePerson)
    {
        foreach (var operation in ofOnePerson.Where(each => each.Sequence is not null))
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
        if (!other.IsWrite || read.Value != other.Value)
        {
            return true;
        }
        // What it wrote may have been there already, and then it is the same version, unless something came between.
        var from = versions.IndexOfKey(read.Sequence!) + 1;
        var to = versions.IndexOfKey(other.Sequence!);
        return Enumerable.Range(from, to - from).Any(index => versions.Values[index] != read.Value);
    }
}
