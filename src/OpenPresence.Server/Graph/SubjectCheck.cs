using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Step 4 of the pipeline: does the permission table let this caller do this to whom the path names?
/// The order decides which error a caller sees: an application on <c>/me</c> is told so before anything is
/// said of permissions; a key that is no id is refused before anything is looked up.
/// </summary>
public static class SubjectCheck
{
    public static Refusal? Check(GraphCall call, in RouteMatch match)
    {
        var (route, caller) = (call.Route, call.Caller);
        if (route.Subject == Subject.Me && caller.UserId is null)
        {
            return new Refusal(RefusalKind.MeNeedsDelegatedToken);
        }
        call.Access = caller.AccessTo(route.Operation);
        if (call.Access == Access.None)
        {
            return caller.Kind == CallerKind.DelegatedPersonal
                ? new Refusal(RefusalKind.PersonalAccount)
                : Missing(call);
        }
        switch (route.Subject)
        {
            case Subject.Me:
                call.SubjectId = caller.UserId!.Value;
                return null;
            case Subject.Key:
            case Subject.KeyOrName:
                return CheckKey(call, match.Key);
            default:
                return null;
        }
    }

    /// <summary>Whether the path names a person of the caller's tenant.</summary>
    public static bool Exists(GraphCall call) =>
        call.Server.Board.TryGetTenantOf(call.SubjectId, out var tenantId) && tenantId == call.Caller.TenantId;

    private static Refusal? CheckKey(GraphCall call, ReadOnlySpan<char> key)
    {
        if (!Guid.TryParseExact(key, "D", out var id) && !TryFindByName(call, key, out id))
        {
            if (call.Route.Subject == Subject.KeyOrName)
            {
                return call.Access == Access.Self
                    ? Missing(call)
                    : new Refusal(RefusalKind.UserNotFound, key.ToString().Truncated());
            }
            return new Refusal(
                RefusalKind.BadRequest,
                $"Invalid user id '{key.ToString().Truncated()}': presence is addressed by the object id (a GUID) of the user."
            )
            {
                Target = "id",
            };
        }
        call.SubjectId = id;
        if (call.Access == Access.Self && id != call.Caller.UserId)
        {
            var isPresenceWrite = !HttpMethods.IsGet(call.Route.Method) && call.Route.Subject == Subject.Key;
            return isPresenceWrite ? new Refusal(RefusalKind.OtherUser) : Missing(call);
        }
        return null;
    }

    /// <summary>Graph refuses user principal names for presence; a setting of ours accepts them.</summary>
    private static bool TryFindByName(GraphCall call, ReadOnlySpan<char> name, out Guid id)
    {
        id = Guid.Empty;
        if (!(call.Route.Subject == Subject.KeyOrName || call.Server.Options.AcceptUserPrincipalNames))
        {
            return false;
        }
        var text = name.ToString();
        // In parentheses a quote is doubled, as in o''brien; in a segment of its own it stands as it is.
        return TryFind(call, text, out id)
            || (
                text.Contains("''", StringComparison.Ordinal)
                && TryFind(call, text.Replace("''", "'", StringComparison.Ordinal), out id)
            );
    }

    private static bool TryFind(GraphCall call, string name, out Guid id)
    {
        var isFound =
            call.Server.Directory.TryGetPerson(name, out var person) && person.TenantId == call.Caller.TenantId;
        id = isFound ? person!.Id : Guid.Empty;
        return isFound;
    }

    private static Refusal Missing(GraphCall call) =>
        PermissionTable
            .Of(call.Server.Options.GoesBeyondGraph)
            .Forbid(
                call.Route.Operation,
                call.Caller.Kind,
                call.Access == Access.Self ? Access.Everyone : Access.Self
            ) with
        {
            Kind = call.Route.Denial,
        };

    /// <summary>A caller's text comes back in messages, but not at any length.</summary>
    public const int EchoCharsMax = 100;

    private static string Truncated(this string text) =>
        text.Length <= EchoCharsMax ? text : text[..EchoCharsMax] + "…";
}
