using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Users;

/// <summary>Asks for a person's manager. The directory knows of none, so no person has one.</summary>
/// <remarks>
/// <para>Route: GET /me/manager · /users/{id}/manager; {id} may be the user principal name</para>
/// <para>Permissions: User.Read.All and higher; application: the same.</para>
/// <para>Body: none.</para>
/// <para>Answers: 404 naming manager, or the person who is not in the caller's tenant; 401; 403; 429. That is what Graph
/// says of whoever has no manager, and clients that draw an organisation chart take it as such (R); a 400 for an unknown
/// segment, as the tempting shortcut would have it, they show as an error.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/user-list-manager</para>
/// </remarks>
public static class ManagerLookup
{
    private const string Manager = "manager";

    public static ValueTask<Refusal?> Handle(GraphCall call) =>
        new(new Refusal(RefusalKind.UserNotFound, SubjectCheck.Exists(call) ? Manager : call.SubjectId.ToString()));
}
