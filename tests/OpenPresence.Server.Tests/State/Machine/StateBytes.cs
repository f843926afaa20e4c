using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Tests.State.Machine;

/// <summary>A node's state as its snapshot has it: equal states have equal bytes.</summary>
internal static class StateBytes
{
    public static byte[] Of(NodeState state)
    {
        using var cut = state.TakeCut();
        return Of(cut);
    }

    public static byte[] Of(NodeCut cut)
    {
        var output = new MemoryStream();
        cut.WriteTo(output, TestContext.Current.CancellationToken);
        return output.ToArray();
    }
}
