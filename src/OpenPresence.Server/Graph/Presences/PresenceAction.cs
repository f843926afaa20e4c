using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>
/// The way of every action of Graph on a presence: read the body, judge it, carry the command out. Members that the
/// action does not have are passed over, as the real service does with them (docs/parity.md).
/// </summary>
public static class PresenceAction
{
    /// <summary>Reads the parameters of an action; what is wrong goes to the body's faults.</summary>
    public delegate PresenceCommand Reader(GraphCall call, ActionBody body);

    /// <summary>Carries out an action with parameters.</summary>
    public static ValueTask<Refusal?> CarryOutAsync(
        GraphCall call,
        Reader read,
        int status = StatusCodes.Status200OK
    ) => CarryOutAsync(call, read, status, mayBeEmpty: false);

    /// <summary>Carries out an action without parameters: an empty body, or an object.</summary>
    public static ValueTask<Refusal?> CarryOutAsync(
        GraphCall call,
        PresenceCommand command,
        int status = StatusCodes.Status200OK
    ) => CarryOutAsync(call, (_, _) => command, status, mayBeEmpty: true);

    private static async ValueTask<Refusal?> CarryOutAsync(GraphCall call, Reader read, int status, bool mayBeEmpty)
    {
        var rules = new BodyRules { MayBeEmpty = mayBeEmpty, Unknown = UnknownMembers.PassedOver };
        var (body, refusal) = await ActionBody.ReadAsync(call, rules);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            // 7. Check what needs no state; report every fault at once.
            var command = read(call, body);
            return body.Refusal ?? await PresenceWrite.ExecuteAsync(call, command, status);
        }
    }
}
