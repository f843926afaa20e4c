using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Graph.Users;

/// <summary>
/// How much of a person a caller may see. User.ReadBasic.All opens everybody's basic profile and no more; every
/// other permission of the operation's row opens the whole.
/// </summary>
internal static class ProfileAccess
{
    private const string Basic = "User.ReadBasic.All";

    /// <summary>Whether the caller sees no more than the basic profile of that person.</summary>
    public static bool IsBasicOnly(GraphCall call, Guid personId)
    {
        var caller = call.Caller;
        var isOwn = personId == caller.UserId;
        foreach (var grant in PermissionTable.Built.WouldDo(call.Route.Operation, caller.Kind))
        {
            if (
                grant.Name != Basic
                && (isOwn || grant.Opens == Access.Everyone)
                && caller.Permissions.Contains(grant.Name, StringComparer.Ordinal)
            )
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The same of other people.</summary>
    public static bool IsBasicOnly(GraphCall call) => IsBasicOnly(call, Guid.Empty);
}
