using System.Collections.Frozen;
using System.Text;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.OData;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Users;

/// <summary>Reads the people who matter to a person: colleagues of the department first, then the others.</summary>
/// <remarks>
/// <para>Route: GET /me/people · /users/{id}/people</para>
/// <para>Permissions: People.Read (own), People.Read.All; application: People.Read.All.</para>
/// <para>Body: none. Query: $top 1 to 999 (default 10), $skip, $search (words of the name, or the beginning of mail or
/// user principal name), $filter (personType, displayName, department …), $select. The header
/// X-PeopleQuery-QuerySources is taken; there is one source.</para>
/// <para>Answers: 200 value[] and @odata.nextLink while there are more; 400 a query that cannot be read, or would look
/// at too many people; 401; 403; 404 no person of that id; 429. Graph's own order follows mail and meetings,
/// which this server does not see.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/user-list-people</para>
/// </remarks>
public static class ListPeople
{
    /// <summary>Without <c>$top</c> (user-list-people page, D).</summary>
    public const int TopDefault = 10;

    /// <summary>Of a larger tenant, so many are considered when nothing is searched for.</summary>
    public const int PeopleConsideredMax = 5_000;

    private static readonly string[] Supported = ["select", "top", "skip", "search", "filter"];

    /// <summary>What the filters of clients name.</summary>
    private static readonly FilterSchema<PackedPerson> Schema = new(
        "microsoft.graph.person",
        [
            new("displayName", FilterKind.Text, person => person.DisplayName),
            new("givenName", FilterKind.Text, row => row.Text(PersonText.GivenName)),
            new("surname", FilterKind.Text, row => row.Text(PersonText.Surname)),
            new("jobTitle", FilterKind.Text, row => row.Text(PersonText.JobTitle)),
            new("department", FilterKind.Text, row => row.Text(PersonText.Department)),
            new("officeLocation", FilterKind.Text, row => row.Text(PersonText.OfficeLocation)),
            new("userPrincipalName", FilterKind.Text, person => person.UserPrincipalName),
            new("personType/class", FilterKind.Text, _ => "Person"),
            new("personType/subclass", FilterKind.Text, _ => "OrganizationUser"),
        ],
        PersonJson.Members
    );

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        Filter<PackedPerson>? filter = null;
        if (refusal is null && query.Filter is { } text)
        {
            refusal = FilterReader.Read(text, Schema, out filter, out _);
        }
        refusal ??= PersonJson.Select(query.Select, out _);
        if (refusal is not null)
        {
            return new(refusal);
        }
        PersonJson.Select(query.Select, out var members);
        if (!SubjectCheck.Exists(call))
        {
            return new(new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString()));
        }
        var top = query.Given.ContainsKey("top") ? query.Top : TopDefault;
        refusal = Find(call, filter, SoughtOf(query), query.Skip + top + 1L, out var found);
        if (refusal is null)
        {
            Write(call, query, members, [.. found.Skip(query.Skip)], top);
        }
        return new(refusal);
    }

    /// <summary>What is searched for; clients put it into quotes or do not.</summary>
    private static string SoughtOf(QueryOptions query) => query.Search?.Trim().Trim('"') ?? "";

    private static Refusal? Find(
        GraphCall call,
        Filter<PackedPerson>? filter,
        string sought,
        long wanted,
        out List<Person> found
    )
    {
        var directory = call.Server.Directory;
        var department = directory.TryGetPerson(call.SubjectId, out var self) ? self.Department : null;
        found = [];
        var others = new List<Person>();
        var visited = 0;
        foreach (var person in directory.RowsOf(call.Caller.TenantId, from: ""))
        {
            if (sought.Length == 0 && filter is null && visited == PeopleConsideredMax)
            {
                break;
            }
            if (++visited > UserSearch.PeopleVisitedMax)
            {
                return UserSearch.TooMany;
            }
            if (person.Id != call.SubjectId && person.AccountEnabled && Matches(person))
            {
                var isNear = department is not null && person.Text(PersonText.Department) == department;
                var list = isNear ? found : others;
                if (list.Count < wanted)
                {
                    list.Add(person.Unpack());
                }
            }
        }
        found.AddRange(others);
        return null;

        bool Matches(PackedPerson person) =>
            (filter?.Matches(person) ?? true)
            && (
                sought.Length == 0
                || SearchWords.AllBeginIn(sought, person.DisplayName)
                || StartsWith(person.Mail, sought)
                || StartsWith(person.UserPrincipalName, sought)
            );
    }

    private static bool StartsWith(string? text, string sought) =>
        text?.StartsWith(sought, StringComparison.OrdinalIgnoreCase) ?? false;

    private static void Write(
        GraphCall call,
        QueryOptions query,
        FrozenSet<string> members,
        IReadOnlyList<Person> found,
        int top
    ) =>
        JsonAnswer.Write(
            call,
            $"users('{call.SubjectId}')/people",
            json =>
            {
                if (found.Count > top)
                {
                    json.WriteString("@odata.nextLink", NextLink(call, query, top));
                }
                json.WriteStartArray("value");
                foreach (var person in found.Take(top))
                {
                    PersonJson.Write(json, person, members);
                }
                json.WriteEndArray();
            }
        );

    private static string NextLink(GraphCall call, QueryOptions query, int top)
    {
        var path = call.Route.Subject == Subject.Me ? "/me" : $"/users/{call.SubjectId}";
        var link = new StringBuilder(call.Root.Url).Append(path).Append("/people?");
        foreach (var (name, value) in query.Given)
        {
            if (!name.Equals("skip", StringComparison.OrdinalIgnoreCase))
            {
                link.Append('$').Append(name).Append('=');
                link.Append(Uri.EscapeDataString(value)).Append('&');
            }
        }
        return link.Append("$skip=").Append(query.Skip + top).ToString();
    }
}
