using System.Collections.Immutable;

namespace OpenPresence.Server.Calendar;

/// <summary>One property of a calendar: <c>NAME;PARAMETER=VALUE:VALUE</c> (RFC 5545, 3.1).</summary>
/// <param name="Number">The line of the body where it begins, from 1.</param>
/// <param name="Name">In upper case, since letter case means nothing here.</param>
/// <param name="Parameters">Their names in upper case, their values without quotes.</param>
/// <param name="Value">Everything after the colon, still escaped.</param>
public sealed record ContentLine(
    int Number,
    string Name,
    ImmutableArray<(string Name, string Value)> Parameters,
    string Value
)
{
    /// <summary>The value of a parameter; null: it has none of that name.</summary>
    public string? Parameter(string name)
    {
        foreach (var parameter in Parameters)
        {
            if (parameter.Name == name)
            {
                return parameter.Value;
            }
        }
        return null;
    }

    /// <summary>Reads an unfolded line; null: it has not this form.</summary>
    public static ContentLine? Parse(int number, string line)
    {
        var at = NameEnd(line, 0);
        if (at == 0)
        {
            return null;
        }
        var name = line[..at].ToUpperInvariant();
        var parameters = ImmutableArray.CreateBuilder<(string, string)>();
        while (at < line.Length && line[at] == ';')
        {
            var equals = NameEnd(line, at + 1);
            if (equals == at + 1 || equals == line.Length || line[equals] != '=')
            {
                return null;
            }
            if (ParameterEnd(line, equals + 1) is not { } end)
            {
                return null;
            }
            var value = line[(equals + 1)..end].Replace("\"", "", StringComparison.Ordinal);
            parameters.Add((line[(at + 1)..equals].ToUpperInvariant(), value));
            at = end;
        }
        return at < line.Length && line[at] == ':'
            ? new ContentLine(number, name, parameters.DrainToImmutable(), line[(at + 1)..])
            : null;
    }

    private static int NameEnd(string line, int at)
    {
        while (at < line.Length && (char.IsAsciiLetterOrDigit(line[at]) || line[at] == '-'))
        {
            at++;
        }
        return at;
    }

    /// <summary>Where a parameter's values end: a semicolon or a colon outside of quotes; null: nowhere.</summary>
    private static int? ParameterEnd(string line, int at)
    {
        var isQuoted = false;
        for (; at < line.Length; at++)
        {
            if (line[at] == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (!isQuoted && line[at] is ';' or ':')
            {
                return at;
            }
        }
        return null;
    }
}
