using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>Whether a caller of another route may see a person's mailbox settings on the way.</summary>
internal static class MailboxAccess
{
    /// <summary>Why not; null: the caller may.</summary>
    public static Refusal? RefusalOf(GraphCall call, Guid personId)
    {
        var access = call.Caller.AccessTo(Operation.GetMailboxSettings);
        return access == Access.Everyone || (access == Access.Self && personId == call.Caller.UserId)
            ? null
            : PermissionTable
                .Of(call.Server.Options.GoesBeyondGraph)
                .Forbid(
                    Operation.GetMailboxSettings,
                    call.Caller.Kind,
                    access == Access.Self ? Access.Everyone : Access.Self
                ) with
            {
                Kind = RefusalKind.MailboxPermissionMissing,
            };
    }
}
