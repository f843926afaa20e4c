using System.Collections.Frozen;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.OData;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>
/// What a list of users asks for, read and checked. Graph calls some of it advanced: <c>$search</c>, a count,
/// <c>endsWith</c>, <c>ne</c>, <c>not</c> and sorting what was filtered; that needs the header
/// <c>ConsistencyLevel: eventual</c> (aad-advanced-queries page, D). Here nothing is less consistent for it, but a
/// client that forgets it learns it here and not later.
/// </summary>
internal sealed class UserQuery
{
    private const string More = " Refer to https://aka.ms/graph-docs/advanced-queries for more information";

    private static readonly FrozenSet<string> ByWords = FrozenSet.ToFrozenSet(
        ["displayName"],
        StringComparer.OrdinalIgnoreCase
    );

    private UserQuery(QueryOptions options) => Options = options;

    public QueryOptions Options { get; }

    public UserSelection Selection { get; private set; } = UserSelection.Default;

    /// <summary>What people must meet; null: every person does.</summary>
    public Filter<PackedPerson>? Filter { get; private set; }

    /// <summary>What they are sorted by; null: the user principal name, which is the order that they are kept in.</summary>
    public UserOrder? Order { get; private set; }

    /// <summary>What the token of a page holds for: the questions that decide who comes in which order.</summary>
    public string Identity => $"{Options.Filter}\n{Options.Search}\n{Order?.Property.Name} {Order?.IsDescending}";

    /// <summary>Reads and checks the query.</summary>
    public static Refusal? Read(GraphCall call, string[] supported, out UserQuery query)
    {
        var refusal = QueryOptions.Parse(call, supported, out var options);
        query = new UserQuery(options);
        return refusal ?? query.ReadOptions(call);
    }

    /// <summary>Whether the header that advanced questions need is there.</summary>
    public static bool IsEventual(GraphCall call) =>
        call.Http.Request.Headers["ConsistencyLevel"].ToString().Equals("eventual", StringComparison.OrdinalIgnoreCase);

    private Refusal? ReadOptions(GraphCall call)
    {
        // A later page is asked for with the link alone; the first one had the header.
        var isEventual = IsEventual(call) || Options.SkipToken is not null;
        var refusal = UserSelection.Read(Options.Select, out var selection);
        Selection = selection;
        refusal ??= selection.NotInCollection is { } single ? OfOneOnly(single) : null;
        refusal ??= ReadFilter(isEventual);
        refusal ??= ReadSearch(isEventual);
        refusal ??= ReadOrder(isEventual);
        return refusal ?? CheckProfile(call);
    }

    private Refusal? ReadFilter(bool isEventual)
    {
        if (Options.Filter is not { } text)
        {
            return null;
        }
        var refusal = FilterReader.Read(text, UserProperties.Schema, out var filter, out var advanced);
        Filter = filter;
        return refusal
            ?? (
                advanced is not null && !isEventual
                    ? Unsupported(
                        "$filter",
                        $"Operator '{advanced}' is not supported because the "
                            + $"'ConsistencyLevel:eventual' header is missing.{More}"
                    )
                    : null
            );
    }

    private Refusal? ReadSearch(bool isEventual)
    {
        if (Options.Search is not { } text)
        {
            return null;
        }
        if (!isEventual)
        {
            return Unsupported(
                "$search",
                "Request with $search query parameter only works through MSGraph with a special request "
                    + "header: 'ConsistencyLevel: eventual'"
            );
        }
        var refusal = SearchReader.Read(text, UserProperties.Schema, ByWords, out var search);
        Filter = Filter is null ? search : new FilterAll<PackedPerson>([search, Filter]);
        return refusal;
    }

    private Refusal? ReadOrder(bool isEventual)
    {
        if (Options.OrderBy is not { } text)
        {
            return null;
        }
        var refusal = UserOrder.Read(text, out var order);
        Order = order is { IsKeptOrder: true } ? null : order;
        return refusal
            ?? (
                Filter is null || (isEventual && (Options.Count || Options.SkipToken is not null))
                    ? null
                    : Unsupported("$orderby", $"Sorting not supported for current query.{More}")
            );
    }

    /// <summary>A caller who may not see a property may not find out by asking for it either.</summary>
    private Refusal? CheckProfile(GraphCall call)
    {
        if (!ProfileAccess.IsBasicOnly(call))
        {
            return null;
        }
        var asked = (Filter?.Tests.Select(test => test.Property.Name) ?? []).Concat(
            Order is null ? [] : [Order.Property.Name]
        );
        return asked.FirstOrDefault(name => !UserProperties.Find(name)!.IsBasic) is { } hidden
            ? new Refusal(RefusalKind.DirectoryPermissionMissing)
            {
                Details = [new("User.Read.All", $"The basic profile has no {hidden}; this permission would do.")],
            }
            : null;
    }

    private static Refusal OfOneOnly(string name) =>
        new(RefusalKind.NotInCollection)
        {
            Target = "$select",
            Details = [new(name, "This property is answered for one person, and not in a list.")],
        };

    private static Refusal Unsupported(string target, string message) =>
        new(RefusalKind.UnsupportedQuery, message) { Target = target };
}
