using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>A page of people, where the next one begins, and how many there are in all if that was asked.</summary>
internal sealed record UserPage(IReadOnlyList<Person> People, UserPlace? Last, int? Count);

/// <summary>
/// Finds the people of a query. What has to look at people one by one looks at a bounded number and is then refused,
/// so that nobody can hold up a node; the tempting wrong change is to answer with what was found so far, which reads
/// as "there is nobody else".
/// </summary>
internal sealed class UserSearch(GraphCall call, UserQuery query)
{
    /// <summary>The most people that one request looks at.</summary>
    public const int PeopleVisitedMax = 25_000;

    private readonly TenantDirectory directory = call.Server.Directory;
    private readonly Guid tenantId = call.Caller.TenantId;
    private int visited;

    /// <summary>One page, after a place.</summary>
    public Refusal? Run(UserPlace? after, out UserPage page) =>
        query.Order is { } order ? RunSorted(order, after, out page) : RunKept(after, out page);

    /// <summary>How many people the query finds.</summary>
    public Refusal? Count(out int count)
    {
        count = 0;
        if (query.Filter is null)
        {
            count = directory.CountPeople(tenantId);
            return null;
        }
        foreach (var person in Candidates(from: ""))
        {
            if (++visited > PeopleVisitedMax)
            {
                return TooMany;
            }
            count += query.Filter.Matches(person) ? 1 : 0;
        }
        return null;
    }

    /// <summary>In the order in which people are kept.</summary>
    private Refusal? RunKept(UserPlace? after, out UserPage page)
    {
        var found = new List<Person>();
        var hasMore = false;
        Refusal? refusal = null;
        foreach (var person in Candidates(after?.Name ?? ""))
        {
            if (after is { } place && IsSame(person.UserPrincipalName, place.Name))
            {
                continue;
            }
            if (found.Count == query.Options.Top)
            {
                hasMore = true;
                break;
            }
            if (++visited > PeopleVisitedMax)
            {
                refusal = TooMany;
                break;
            }
            if (query.Filter?.Matches(person) ?? true)
            {
                found.Add(person.Unpack());
            }
        }
        var count = 0;
        var isCounted = query.Options.Count && after is null;
        refusal ??= isCounted ? Recount(out count) : null;
        UserPlace? last = hasMore ? new UserPlace("", found[^1].UserPrincipalName) : null;
        page = new UserPage(found, last, isCounted ? count : null);
        return refusal;
    }

    private Refusal? RunSorted(UserOrder order, UserPlace? after, out UserPage page)
    {
        page = new UserPage([], null, null);
        var places = new List<(UserPlace Place, Guid Id)>();
        foreach (var person in Candidates(from: ""))
        {
            if (++visited > PeopleVisitedMax)
            {
                return TooMany;
            }
            if (query.Filter?.Matches(person) ?? true)
            {
                places.Add((order.PlaceOf(person), person.Id));
            }
        }
        var count = places.Count;
        if (after is { } start)
        {
            places.RemoveAll(one => order.Compare(one.Place, start) <= 0);
        }
        places.Sort((x, y) => order.Compare(x.Place, y.Place));
        var top = Math.Min(query.Options.Top, places.Count);
        var people = new List<Person>(top);
        foreach (var (_, id) in places.Take(top))
        {
            if (directory.TryGetPerson(id, out var person))
            {
                people.Add(person);
            }
        }
        page = new UserPage(
            people,
            places.Count > top ? places[top - 1].Place : null,
            query.Options.Count && after is null ? count : null
        );
        return null;
    }

    /// <summary>The count beside a page: of its own, because a page stops early.</summary>
    private Refusal? Recount(out int count)
    {
        visited = 0;
        return Count(out count);
    }

    private IEnumerable<PackedPerson> Candidates(string from) =>
        UserIndex.Candidates(directory, tenantId, query.Filter, from);

    private static bool IsSame(string x, string y) => AsciiCaseComparer.Instance.Compare(x, y) == 0;

    internal static Refusal TooMany =>
        new(
            RefusalKind.UnsupportedQuery,
            $"This query would have to look at more than {PeopleVisitedMax} people. Found without looking are "
                + "id and userPrincipalName by eq and in, and userPrincipalName by startswith: add one of them with 'and'."
        );
}
