using OpenPresence.Server.Contracts;
using OpenPresence.Server.History;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Photos;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Webhooks;

namespace OpenPresence.Server.Graph;

/// <summary>What the slices may use; made once, in <c>Program.cs</c>.</summary>
public sealed class GraphServer
{
    public required ServerOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public required Node Node { get; init; }

    public PresenceBoard Board => Node.State.Board;

    public TenantDirectory Directory => Node.State.Directory;

    public required Authenticator Authenticator { get; init; }

    public required Throttle Throttle { get; init; }

    /// <summary>Which addresses subscribers may choose.</summary>
    public required ReceiverPolicy ReceiverPolicy { get; init; }

    /// <summary>Asks the addresses that subscribers chose whether they want notifications.</summary>
    public required Handshake Handshake { get; init; }

    public required PhotoFiles Photos { get; init; }

    public required ServiceRoots Roots { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>What people showed lately; null: it is not kept.</summary>
    public PresenceHistory? History { get; init; }

    /// <summary>Where the tools of a developer attach; by default nothing does.</summary>
    public RequestHooks Hooks { get; init; } = new();

    /// <summary>Tells whoever measures which route a request met.</summary>
    public RequestTelemetry Telemetry { get; init; } = new();

    /// <summary>Only in production; see <see cref="ResponseFrame"/>.</summary>
    public bool SendsStrictTransportSecurity => Options.Profile == Profile.Production;

    /// <summary>The <c>WWW-Authenticate</c> of a 401.</summary>
    public string Challenge(GraphCall call) =>
        Options.IssuesTokens ? AuthenticateChallenge.Of(Roots.BaseUrl(call.Http.Request))
        : Options.Auth.TrustedIssuers is [var first, ..]
            ? AuthenticateChallenge.OfAuthority(
                new Uri(first.Authority),
                Clouds.Rows.SelectMany(cloud => cloud.LoginHosts)
            )
        : AuthenticateChallenge.Of("https://" + Clouds.Of(call.Cloud).LoginHosts[0]);
}
