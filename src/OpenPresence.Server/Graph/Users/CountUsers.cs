using System.Globalization;
using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Users;

/// <summary>How many people the caller's tenant has, or a question finds; a number as plain text.</summary>
/// <remarks>
/// <para>Route: GET /users/$count</para>
/// <para>Permissions: those of GET /users.</para>
/// <para>Body: none. Query: $filter, $search. Header: ConsistencyLevel: eventual.</para>
/// <para>Answers: 200 the number as text/plain; 400 without the header, or a query that cannot be read or would look
/// at too many people; 401; 403; 429.</para>
/// <para>Source: https://learn.microsoft.com/graph/aad-advanced-queries</para>
/// </remarks>
public static class CountUsers
{
    private static readonly string[] Supported = ["filter", "search"];

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        if (!UserQuery.IsEventual(call))
        {
            // COMPAT(graph): so says the real service (aad-advanced-queries page, D)
            return new Refusal(RefusalKind.CountUnsupported);
        }
        var refusal = UserQuery.Read(call, Supported, out var query);
        var count = 0;
        refusal ??= new UserSearch(call, query).Count(out count);
        if (refusal is not null)
        {
            return refusal;
        }
        var body = Encoding.ASCII.GetBytes(count.ToString(CultureInfo.InvariantCulture));
        call.Http.Response.ContentType = "text/plain";
        call.Http.Response.ContentLength = body.Length;
        await call.Http.Response.Body.WriteAsync(body, call.Http.RequestAborted);
        return null;
    }
}
