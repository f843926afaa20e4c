using System.Collections.Immutable;

namespace OpenPresence.Server.Graph.OData;

/// <summary>What a property of a row is, as far as filters care. Values are compared as texts.</summary>
public enum FilterKind : byte
{
    /// <summary>Compared without regard to case, as directory objects are in Graph.</summary>
    Text,

    /// <summary><c>true</c> or <c>false</c>; equal or not.</summary>
    Flag,

    /// <summary>A GUID; equal or not.</summary>
    Id,
}

/// <summary>A property that a filter may name.</summary>
/// <param name="Name">As Graph spells it.</param>
/// <param name="Kind">How its values compare.</param>
/// <param name="Of">The value of a row; null: it has none.</param>
public sealed record FilterProperty<T>(string Name, FilterKind Kind, Func<T, string?> Of);

/// <summary>What can be asked of one property.</summary>
public enum FilterOperator : byte
{
    /// <summary>Is one of the values; <c>eq</c> has one.</summary>
    In,
    StartsWith,
    EndsWith,

    /// <summary>Each word of the value begins a word of the property: a <c>$search</c> of names.</summary>
    HasWords,
}

/// <summary>
/// A condition on rows: what a <c>$filter</c> or a <c>$search</c> says. Its depth is bounded where it is read
/// (<see cref="FilterReader"/>), so asking it needs no bound of its own.
/// </summary>
public abstract record Filter<T>
{
    /// <summary>Whether a row meets the condition.</summary>
    public abstract bool Matches(T row);

    /// <summary>The conditions on properties inside of this one, itself included.</summary>
    public virtual IEnumerable<FilterTest<T>> Tests => [];
}

/// <summary>Every condition.</summary>
public sealed record FilterAll<T>(ImmutableArray<Filter<T>> Filters) : Filter<T>
{
    public override bool Matches(T row)
    {
        foreach (var filter in Filters)
        {
            if (!filter.Matches(row))
            {
                return false;
            }
        }
        return true;
    }

    public override IEnumerable<FilterTest<T>> Tests => Filters.SelectMany(filter => filter.Tests);
}

/// <summary>At least one condition.</summary>
public sealed record FilterAny<T>(ImmutableArray<Filter<T>> Filters) : Filter<T>
{
    public override bool Matches(T row)
    {
        foreach (var filter in Filters)
        {
            if (filter.Matches(row))
            {
                return true;
            }
        }
        return false;
    }

    public override IEnumerable<FilterTest<T>> Tests => Filters.SelectMany(filter => filter.Tests);
}

/// <summary>The opposite.</summary>
public sealed record FilterNot<T>(Filter<T> Inner) : Filter<T>
{
    public override bool Matches(T row) => !Inner.Matches(row);

    public override IEnumerable<FilterTest<T>> Tests => Inner.Tests;
}

/// <summary>One question to one property.</summary>
/// <param name="Property">The property.</param>
/// <param name="Operator">The question.</param>
/// <param name="Values">What it is compared with; null stands for no value.</param>
public sealed record FilterTest<T>(FilterProperty<T> Property, FilterOperator Operator, ImmutableArray<string?> Values)
    : Filter<T>
{
    public override IEnumerable<FilterTest<T>> Tests => [this];

    public override bool Matches(T row)
    {
        var value = Property.Of(row);
        foreach (var wanted in Values)
        {
            if (Matches(value, wanted))
            {
                return true;
            }
        }
        return false;
    }

    private bool Matches(string? value, string? wanted) =>
        value is null || wanted is null
            ? Operator == FilterOperator.In && value is null && wanted is null
            : Operator switch
            {
                FilterOperator.In => value.Equals(wanted, StringComparison.OrdinalIgnoreCase),
                FilterOperator.StartsWith => value.StartsWith(wanted, StringComparison.OrdinalIgnoreCase),
                FilterOperator.EndsWith => value.EndsWith(wanted, StringComparison.OrdinalIgnoreCase),
                _ => SearchWords.AllBeginIn(wanted, value),
            };
}
