using System.Buffers;
using System.Buffers.Text;
using System.Text;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Reads a page of the presences that the caller may see.</summary>
/// <remarks>
/// <para>Route: GET /communications/presences</para>
/// <para>Permissions: Presence.Read (own), Presence.Read.All; application: Presence.Read.All.</para>
/// <para>Body: none. Query: $select, $top 1 to 999 (default 100), $skiptoken, $filter=id in ('…').</para>
/// <para>Answers: 200 value[] and @odata.nextLink while there may be more; 400 a query option that cannot be
/// read; 401; 403; 429. Nothing is known of what Graph answers here (I): ours is the collection.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-get</para>
/// </remarks>
public static class ListPresences
{
    /// <summary>Rows looked at for one page; a page may be short, its nextLink leads on.</summary>
    public const int RowsVisitedMax = 20_000;

    private static readonly string[] Supported = ["select", "top", "skiptoken", "filter"];

    public static ValueTask<Refusal?> Handle(GraphCall call)
    {
        var members = PresenceSelection.SchemaOf(call.Cloud);
        var refusal = QueryOptions.Parse(call, Supported, out var query);
        if (refusal is null && query.Select is { } select)
        {
            refusal = PresenceSelection.Parse(select, PresenceSelection.SchemaOf(call.Cloud), out members);
        }
        IReadOnlyList<Guid>? ids = null;
        if (refusal is null && query.Filter is { } filter)
        {
            refusal = IdFilter.Parse(filter, out ids);
        }
        if (refusal is null && !SkipToken.TryRead(query.SkipToken, out _))
        {
            refusal = new Refusal(RefusalKind.BadRequest, "The $skiptoken is not one of ours.")
            {
                Target = "$skiptoken",
            };
        }
        if (refusal is not null)
        {
            return new(refusal);
        }
        var page = new Page(call, members, query.Top);
        string? next = null;
        if (call.Access == Access.Self)
        {
            page.Add(call.Caller.UserId ?? Guid.Empty, ids);
        }
        else if (ids is not null)
        {
            foreach (var id in ids)
            {
                page.Add(id, null, isCounted: false);
            }
        }
        else
        {
            next = page.AddRows(SkipToken.Read(query.SkipToken));
        }
        return page.Write(next is null ? null : NextLink(call, query, next));
    }

    private static string NextLink(GraphCall call, QueryOptions query, string token)
    {
        var link = new StringBuilder(call.Root.Url).Append("/communications/presences?");
        if (query.Select is { } select)
        {
            link.Append("$select=").Append(Uri.EscapeDataString(select)).Append('&');
        }
        return link.Append("$top=").Append(query.Top).Append("&$skiptoken=").Append(token).ToString();
    }

    /// <summary>Gathers the presences of one answer.</summary>
    private sealed class Page(GraphCall call, PresenceMembers members, int top)
    {
        private readonly ArrayBufferWriter<byte> items = new(4096);
        private int count;

        public void Add(Guid id, IReadOnlyList<Guid>? among, bool isCounted = true)
        {
            var board = call.Server.Board;
            if (
                (among is not null && !among.Contains(id))
                || (isCounted && count == top)
                || !board.Tenants.TryGet(call.Caller.TenantId, out var tenant)
                || !board.TryRead(tenant, id, out var view)
            )
            {
                return;
            }
            items.Write(count++ == 0 ? "{"u8 : ",{"u8);
            PresenceJson.WriteTail(items, view, members, id == call.Caller.UserId);
        }

        /// <summary>Adds the tenant's people from a row on; returns where the next page begins.</summary>
        public string? AddRows(int row)
        {
            var rows = call.Server.Board.Rows;
            var visited = 0;
            for (; row < rows.Count && count < top && visited < RowsVisitedMax; row++, visited++)
            {
                Add(rows[row].Id, null);
            }
            return row < rows.Count ? SkipToken.Write(row) : null;
        }

        public ValueTask<Refusal?> Write(string? nextLink)
        {
            var closing = nextLink is null ? "]}" : $"],\"@odata.nextLink\":\"{nextLink}\"}}";
            var opening = call.Root.ListOpening;
            var length = opening.Length + items.WrittenCount + closing.Length;
            var target = Answer.Begin(call, length);
            opening.CopyTo(target);
            items.WrittenSpan.CopyTo(target[opening.Length..]);
            Encoding.ASCII.GetBytes(closing, target[(opening.Length + items.WrittenCount)..]);
            Answer.End(call, length);
            return default;
        }
    }
}

/// <summary>The opaque place where a page ended. It names a row, so a forged one shows nothing new.</summary>
public static class SkipToken
{
    private const string Prefix = "presences:";

    public static string Write(int row) => Base64Url.EncodeToString(Encoding.ASCII.GetBytes(Prefix + row));

    public static bool TryRead(string? token, out int row)
    {
        row = 0;
        if (token is null)
        {
            return true;
        }
        Span<byte> bytes = stackalloc byte[32];
        return token.Length <= 40
            && Base64Url.IsValid(token)
            && Base64Url.TryDecodeFromChars(token, bytes, out var written)
            && Encoding.ASCII.GetString(bytes[..written]) is var text
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && int.TryParse(
                text.AsSpan(Prefix.Length),
                System.Globalization.NumberStyles.None,
                System.Globalization.CultureInfo.InvariantCulture,
                out row
            );
    }

    public static int Read(string? token) => TryRead(token, out var row) ? row : 0;
}
