namespace OpenPresence.Server.Jsonc;

/// <summary>The word that the user most likely meant.</summary>
public static class Nearest
{
    /// <summary>A word this many edits away is no typing mistake any more.</summary>
    private const int EditsMax = 3;

    /// <summary>The known word with the fewest edits, case aside; null: none is near.</summary>
    public static string? To(string word, IEnumerable<string> known)
    {
        string? nearest = null;
        var fewest = Math.Min(EditsMax, word.Length / 2) + 1;
        foreach (var each in known)
        {
            var edits = Edits(word.ToUpperInvariant(), each.ToUpperInvariant());
            if (edits < fewest)
            {
                (nearest, fewest) = (each, edits);
            }
        }

        return nearest;
    }

    /// <summary>How many letters must be put in, taken out or replaced.</summary>
    private static int Edits(string from, string to)
    {
        if (Math.Abs(from.Length - to.Length) > EditsMax)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
