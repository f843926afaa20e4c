using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.OData;

/// <summary>
/// Reads <c>$filter</c>: the part of OData's grammar that directory objects are asked with, and nothing more.
/// </summary>
/// <remarks>
/// <code>
/// any   = all ( "or" all )*
/// all   = one ( "and" one )*
/// one   = "not" one | "(" any ")" | call | test
/// call  = ("startswith" | "endswith") "(" property "," text ")"
/// test  = property ("eq" | "ne") value | property "in" "(" value ("," value)* ")"
/// value = text in single quotes, doubled inside | true | false | null
/// </code>
/// What OData has beyond that (arithmetic, lambdas, other functions, comparisons by order) is refused by its name:
/// answering a filter in part would answer another question. Two limits keep a hostile filter cheap, whatever its
/// length: how deep it nests, so that reading it cannot exhaust the stack, and how much it asks of each row.
/// Chains of <c>and</c> and <c>or</c> become flat lists, so they do not nest. The decision against a library is
/// docs/decisions/0007.
/// </remarks>
public static class FilterReader
{
    /// <summary>How deep parentheses and <c>not</c> may nest.</summary>
    public const int DepthMax = 16;

    /// <summary>How many values a filter may compare with, all its conditions together.</summary>
    public const int ValuesMax = 100;

    /// <summary>Reads a filter.</summary>
    /// <param name="filter">The text of the query option.</param>
    /// <param name="schema">What can be asked of a row.</param>
    /// <param name="read">The condition, when it could be read.</param>
    /// <param name="advanced">What of it needs the ConsistencyLevel header, as Graph's message names it.</param>
    public static Refusal? Read<T>(string filter, FilterSchema<T> schema, out Filter<T> read, out string? advanced)
    {
        var reading = new FilterReading<T>(filter, schema);
        read = reading.ReadWhole();
        advanced = reading.NeedsConsistencyLevel;
        return reading.Refusal;
    }
}
