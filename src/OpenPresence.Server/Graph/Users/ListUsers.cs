using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Users;

/// <summary>Reads a page of the people of the caller's tenant, all or those that a question finds.</summary>
/// <remarks>
/// <para>Route: GET /users</para>
/// <para>Permissions: User.ReadBasic.All (the basic profile), User.Read.All and higher; application: the
/// same.</para>
/// <para>Body: none. Query: $select, $top 1 to 999 (default 100), $filter (eq, ne, in, startswith, endswith, not, and,
/// or), $search, $orderby, $count, $skiptoken. Header: ConsistencyLevel: eventual for $search, $count, endswith, ne,
/// not, and $orderby with a filter.</para>
/// <para>Answers: 200 value[], @odata.count, @odata.nextLink while there are more; 400 a query that cannot be read,
/// needs the header, or would look at too many people; 401; 403; 429; 501 a property in $select that is answered for
/// one person only.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/user-list</para>
/// </remarks>
public static class ListUsers
{
    private static readonly string[] Supported = ["select", "top", "filter", "search", "orderby", "count", "skiptoken"];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        var refusal = UserQuery.Read(call, Supported, out var query);
        if (refusal is not null)
        {
            return new(refusal);
        }
        UserPlace? after = null;
        if (query.Options.SkipToken is { } token)
        {
            if (!PageToken.TryRead(token, call.Caller.TenantId, query.Identity, out var place))
            {
                return new(
                    new Refusal(RefusalKind.BadRequest, "The $skiptoken is none of ours, or of another query.")
                    {
                        Target = "$skiptoken",
                    }
                );
            }
            after = place;
        }
        refusal = new UserSearch(call, query).Run(after, out var page);
        if (refusal is null)
        {
            Write(call, query, page);
        }
        return new(refusal);
    }

    private static void Write(GraphCall call, UserQuery query, UserPage page) =>
        JsonAnswer.Write(
            call,
            $"users{query.Selection.ContextNames}",
            json =>
            {
                if (page.Count is { } count && UserQuery.IsEventual(call))
                {
                    json.WriteNumber("@odata.count", count);
                }
                if (page.Last is { } last)
                {
                    json.WriteString("@odata.nextLink", NextLink(call, query, last));
                }
                json.WriteStartArray("value");
                foreach (var person in page.People)
                {
                    json.WriteStartObject();
                    UserJson.Write(json, person, query.Selection, ProfileAccess.IsBasicOnly(call, person.Id));
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );

    private static string NextLink(GraphCall call, UserQuery query, UserPlace last)
    {
        var link = new StringBuilder(call.Root.Url).Append("/users?");
        foreach (var (name, value) in query.Options.Given)
        {
            if (!name.Equals("skiptoken", StringComparison.OrdinalIgnoreCase))
            {
                link.Append('$').Append(name).Append('=');
                link.Append(Uri.EscapeDataString(value)).Append('&');
            }
        }
        return link.Append("$skiptoken=")
            .Append(PageToken.Write(call.Caller.TenantId, query.Identity, last))
            .ToString();
    }
}
