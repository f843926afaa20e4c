using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Reads the presence of one person.</summary>
/// <remarks>
/// <para>Route: GET /me/presence · /users/{id}/presence · /communications/presences/{id}</para>
/// <para>Permissions: Presence.Read (own), Presence.Read.All; application: Presence.Read.All.</para>
/// <para>Body: none. Query: $select.</para>
/// <para>Answers: 200 the presence; 400 unknown member in $select, id that is no GUID; 401; 403; 404 nobody of
/// that id in the caller's tenant; 429; 504 a sequence in Prefer that this node did not reach.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/presence-get</para>
/// </remarks>
public static class GetPresence
{
    private static readonly string[] Supported = ["select"];

    /// <summary>Answers with the context of a user's presence, for <c>/me</c> as well (R).</summary>
    public static ValueTask<Refusal?> HandleUser(GraphCall call) => Handle(call, isUser: true);

    /// <summary>Answers with the context of the communications collection (I).</summary>
    public static ValueTask<Refusal?> HandleCommunications(GraphCall call) => Handle(call, isUser: false);

    private static ValueTask<Refusal?> Handle(GraphCall call, bool isUser)
    {
        var members = PresenceSelection.SchemaOf(call.Cloud);
        if (call.Http.Request.QueryString.HasValue)
        {
            var refusal = QueryOptions.Parse(call, Supported, out var query);
            if (refusal is null && query.Select is { } select)
            {
                refusal = PresenceSelection.Parse(select, PresenceSelection.SchemaOf(call.Cloud), out members);
            }
            if (refusal is not null)
            {
                return new(refusal);
            }
        }
        if (!TryRead(call, out var view))
        {
            return new(new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString()));
        }
        return view.Side is null ? WritePlain(call, view, members, isUser) : WriteDetailed(call, view, members, isUser);
    }

    private static bool TryRead(GraphCall call, out PersonView view)
    {
        var board = call.Server.Board;
        view = default;
        return board.Tenants.TryGet(call.Caller.TenantId, out var tenant)
            && board.TryRead(tenant, call.SubjectId, out view);
    }

    private static ValueTask<Refusal?> WritePlain(
        GraphCall call,
        in PersonView view,
        PresenceMembers members,
        bool isUser
    )
    {
        var template = PresenceTemplates.Of(members).For(view.Entry);
        var opening = isUser ? call.Root.UserPresenceOpening : call.Root.CommunicationsOpening;
        var length = opening.Length + (isUser ? OwnerBytes + ContextClosing.Length : 0) + template.Length;
        var target = Answer.Begin(call, length);
        var at = WriteOpening(target, opening, view.Entry.Id, isUser);
        at += template.Write(target[at..], view.Entry);
        Answer.End(call, at);
        return default;
    }

    private static ValueTask<Refusal?> WriteDetailed(
        GraphCall call,
        in PersonView view,
        PresenceMembers members,
        bool isUser
    )
    {
        var tail = new System.Buffers.ArrayBufferWriter<byte>(512);
        PresenceJson.WriteTail(tail, view, members, view.Entry.Id == call.Caller.UserId);
        var opening = isUser ? call.Root.UserPresenceOpening : call.Root.CommunicationsOpening;
        var length = opening.Length + (isUser ? OwnerBytes + ContextClosing.Length : 0) + tail.WrittenCount;
        var target = Answer.Begin(call, length);
        var at = WriteOpening(target, opening, view.Entry.Id, isUser);
        tail.WrittenSpan.CopyTo(target[at..]);
        Answer.End(call, length);
        return default;
    }

    private const int OwnerBytes = 36;

    private static ReadOnlySpan<byte> ContextClosing => "')/presence/$entity\","u8;

    private static int WriteOpening(Span<byte> target, byte[] opening, Guid owner, bool isUser)
    {
        opening.CopyTo(target);
        var at = opening.Length;
        if (isUser)
        {
            owner.TryFormat(target[at..], out _);
            at += OwnerBytes;
            ContextClosing.CopyTo(target[at..]);
            at += ContextClosing.Length;
        }
        return at;
    }
}
