using OpenPresence.Server.Graph;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Streaming;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.DevTools;

/// <summary>Puts the control API together, where there is one.</summary>
internal static class Controls
{
    /// <summary>All of its routes, in the order in which <c>GET /control</c> lists them.</summary>
    public static ControlSurface Of(
        GraphServer server,
        TestTools? tools,
        LiveEndpoints live,
        Dispatcher delivery,
        SigningKeys? keys
    )
    {
        if (tools is null)
        {
            return new(server, []);
        }
        var clock = new ControlClock(server.Node, server.Time);
        var snapshots = new SnapshotFolder(Path.Combine(server.Options.DataDirectory, "snapshots"));
        // A clock that was moved ahead would stop the next start of a production server.
        IEnumerable<ControlRoute> ofTime =
            server.Options.Profile == Profile.Development
                ? [.. clock.Routes, .. new ControlActors(server, clock).Routes]
                : clock.Routes.Take(1);
        // Nobody believes a token that this server signs unless it is its own issuer.
        IEnumerable<ControlRoute> ofTokens =
            keys is not null && server.Options.Profile == Profile.Development
                ? new ControlTokenIssue(server, keys).Routes
                : [];
        return new(
            server,
            [
                .. ofTime,
                .. new ControlFaults(tools.Faults).Routes,
                .. new ControlWebhooks(server.Node, tools.WebhookFaults, delivery).Routes,
                .. new ControlRequests(tools.Requests).Routes,
                .. new ControlDeliveries(delivery).Routes,
                .. ofTokens,
                .. new ControlTokens(server, live).Routes,
                .. new ControlState(server, tools, snapshots).Routes,
            ]
        );
    }
}
