namespace OpenPresence.Server.State.Directory;

/// <summary>
/// Names without regard to the case of A to Z, ordered by their UTF-8 bytes. Folding all of Unicode is the tempting
/// alternative: its tables change with every runtime, and two nodes could then disagree on whether a name is taken.
/// </summary>
public sealed class AsciiCaseComparer : IEqualityComparer<string>, IComparer<string>
{
    public static AsciiCaseComparer Instance { get; } = new();

    public bool Equals(string? x, string? y) => Compare(x, y) == 0;

    public int GetHashCode(string text)
    {
        var hash = new HashCode();
        foreach (var c in text)
        {
            hash.Add(Fold(c));
        }

        return hash.ToHashCode();
    }

    /// <summary>By code point, which is the order of the UTF-8 bytes.</summary>
    public int Compare(string? x, string? y)
    {
        if (x is null || y is null)
        {
            return (x is null ? 0 : 1) - (y is null ? 0 : 1);
        }

        var left = x.EnumerateRunes();
        var right = y.EnumerateRunes();
        while (true)
        {
            var hasLeft = left.MoveNext();
            var hasRight = right.MoveNext();
            if (!hasLeft || !hasRight)
            {
                return (hasLeft ? 1 : 0) - (hasRight ? 1 : 0);
            }

            var difference = Fold(left.Current.Value) - Fold(right.Current.Value);
            if (difference != 0)
            {
                return difference;
            }
        }
    }

    private static int Fold(int codePoint) => codePoint is >= 'A' and <= 'Z' ? codePoint | 0x20 : codePoint;
}
