using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Actions without parameters: an empty body or an empty object, then the command.</summary>
public static class ParameterlessAction
{
    public static async ValueTask<Refusal?> HandleAsync(GraphCall call, PresenceCommand command, int status)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call, mayBeEmpty: true);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            body.Members();
            return body.Refusal ?? await PresenceWrite.ExecuteAsync(call, command, status);
        }
    }
}
