using OpenPresence.Server.Graph.OData;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>
/// Who can meet a filter, as far as the directory can tell without looking at everybody. It knows people by id and
/// by user principal name, and keeps a tenant's people in the order of those names; nothing else is indexed.
/// So <c>eq</c> and <c>in</c> on these two, and <c>startswith</c> on the name, cost what they find, alone or
/// joined to other conditions by <c>and</c>. Any other filter looks at people one by one
/// (<see cref="UserSearch.PeopleVisitedMax"/>).
/// </summary>
/// <remarks>
/// An index on another property would cost about 16 bytes a person: 16 MB at a million people for each property,
/// and time on every change. Names of people are what most searches are for; in a tenant beyond the bound a client
/// does better to search by the sign-in name.
/// </remarks>
internal static class UserIndex
{
    /// <summary>The people to look at, in the order of their names, from a name on, that one included.
    /// One object may be all of them in turn.</summary>
    public static IEnumerable<PackedPerson> Candidates(
        TenantDirectory directory,
        Guid tenantId,
        Filter<PackedPerson>? filter,
        string from
    )
    {
        var tests = filter is FilterAll<PackedPerson> all
            ? all.Filters.OfType<FilterTest<PackedPerson>>()
            : new[] { filter as FilterTest<PackedPerson> }.OfType<FilterTest<PackedPerson>>();
        foreach (var test in tests)
        {
            switch (test)
            {
                case { Operator: FilterOperator.In, Property.Name: "id" or "userPrincipalName" }:
                    return ByKeys(directory, tenantId, test)
                        .Where(person => Compare(person.UserPrincipalName, from) >= 0)
                        .Select(PackedPerson.Of);
                case { Operator: FilterOperator.StartsWith, Property.Name: "userPrincipalName" }
                    // Order and comparison fold the same letters only within ASCII.
                    when test.Values is [{ } prefix] && prefix.All(char.IsAscii):
                    return directory
                        .RowsOf(tenantId, Compare(prefix, from) > 0 ? prefix : from)
                        .TakeWhile(person => test.Matches(person));
                default:
                    break;
            }
        }
        return directory.RowsOf(tenantId, from);
    }

    private static SortedDictionary<string, Person>.ValueCollection ByKeys(
        TenantDirectory directory,
        Guid tenantId,
        FilterTest<PackedPerson> test
    )
    {
        var found = new SortedDictionary<string, Person>(AsciiCaseComparer.Instance);
        foreach (var value in test.Values)
        {
            var isThere =
                test.Property.Kind == FilterKind.Id
                    ? directory.TryGetPerson(
                        Guid.TryParseExact(value, "D", out var id) ? id : Guid.Empty,
                        out var person
                    )
                    : directory.TryGetPerson(value ?? "", out person);
            if (isThere && person!.TenantId == tenantId)
            {
                found[person.UserPrincipalName] = person;
            }
        }
        return found.Values;
    }

    private static int Compare(string x, string y) => AsciiCaseComparer.Instance.Compare(x, y);
}
