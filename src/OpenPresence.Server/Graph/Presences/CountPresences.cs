using System.Globalization;
using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>How many presences the caller may see, or a filter finds; a number as plain text.</summary>
/// <remarks>
/// <para>Route: GET /communications/presences/$count</para>
/// <para>Permissions: those of GET /communications/presences.</para>
/// <para>Body: none. Query: $filter=id in ('…').</para>
/// <para>Answers: 200 the number as text/plain; 400 a query option that cannot be read; 401; 403; 429. It stands in the
/// generated clients and on no page (C); what Graph answers is unknown, ours is the size of the list.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-get</para>
/// </remarks>
public static class CountPresences
{
    private static readonly string[] Supported = ["filter"];

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        IReadOnlyList<Guid>? ids = null;
        if (refusal is null && query.Filter is { } filter)
        {
            refusal = IdFilter.Parse(filter, out ids);
        }
        if (refusal is not null)
        {
            return refusal;
        }
        var body = Encoding.ASCII.GetBytes(Count(call, ids).ToString(CultureInfo.InvariantCulture));
        call.Http.Response.ContentType = "text/plain";
        call.Http.Response.ContentLength = body.Length;
        await call.Http.Response.Body.WriteAsync(body, call.Http.RequestAborted);
        return null;
    }

    private static int Count(GraphCall call, IReadOnlyList<Guid>? ids)
    {
        var board = call.Server.Board;
        if (!board.Tenants.TryGet(call.Caller.TenantId, out var tenant))
        {
            return 0;
        }
        if (call.Access == Access.Self)
        {
            var self = call.Caller.UserId ?? Guid.Empty;
            return ids?.Contains(self) != false && board.TryRead(tenant, self, out _) ? 1 : 0;
        }
        return ids?.Count(id => board.TryRead(tenant, id, out _)) ?? board.Tenants.PeopleOf(tenant);
    }
}
