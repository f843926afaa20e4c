using OpenPresence.Server.Api;

namespace OpenPresence.Server.Control;

/// <summary>Puts the control API together, where there is one.</summary>
public static class Controls
{
    /// <summary>All of its routes, in the order in which <c>GET /control</c> lists them.</summary>
    public static ControlSurface Of(GraphServer server) =>
        new(
            server,
            ControlGate.IsOpen(server.Options)
                ?
                [
                    .. new ControlClock(server.Node, server.Time).Routes,
                    .. new ControlFaults(server.Faults!).Routes,
                    .. new ControlRequests(server.Requests).Routes,
                    .. new ControlState(
                        server,
                        new SnapshotFolder(Path.Combine(server.Options.DataDirectory, "snapshots"))
                    ).Routes,
                ]
                : []
        );
}
