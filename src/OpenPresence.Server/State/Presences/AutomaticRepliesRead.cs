using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Reads a person's automatic replies, also while they are only scheduled, which no presence shows. Any
/// thread: a record that has some always stands in side data, and that is immutable.
/// </summary>
public static class AutomaticRepliesRead
{
    /// <summary>The setting, null when off; false: no person of the tenant has that id.</summary>
    public static bool TryReadReplies(
        this PresenceBoard board,
        Guid tenantId,
        in Guid id,
        out AutomaticReplies? replies
    )
    {
        replies = null;
        if (!board.Tenants.TryGet(tenantId, out var tenant))
        {
            return false;
        }
        var found = new PersonEntry[1];
        while (true)
        {
            board.FindMany([id], found);
            if (found[0].Id != id || found[0].Tenant != tenant)
            {
                return false;
            }
            var side = board.Rows.SideOf(found[0].Row);
            if (side is null || side.PersonId == id)
            {
                replies = side?.Record.AutomaticReplies;
                return true;
            }
            // The row was given to somebody else in between: look again.
        }
    }
}
