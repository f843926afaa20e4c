using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>A parameter that an action cannot do without.</summary>
internal static class RequiredMember
{
    /// <summary>COMPAT(graph): the words for a missing sessionId (ms-teams-cli, R); for the others by analogy (I).</summary>
    public static void Fault(ActionBody body, string member, string explanation)
    {
        var name = ActionBody.Pascal(member);
        body.Fault(RefusalKind.InvalidArgument, member, $"[{name}]: The {name} field is required.", explanation);
    }
}
