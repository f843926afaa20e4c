using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Revocations;

namespace OpenPresence.Server.Issuer;

/// <summary>
/// The built-in token issuer, in the shape of Entra ID v2.0: what its endpoints share.
/// </summary>
/// <remarks>
/// <para>The folders: <c>Protocol</c> takes requests in and sends errors out, and
/// <c>Endpoints</c> has the table to read first; <c>Clients</c> finds out which
/// application calls; <c>SignIn</c> are the pages where people sign in; <c>TokenEndpoint</c> has a
/// file per grant; <c>Tokens</c> makes what they hand out, which says itself what it stands
/// for: the journal knows only what was revoked.</para>
/// <para>Written by hand on the base class library because no library of the kind is to be had for
/// it, and because what clients need is not what libraries offer: tenants in the path, Entra's
/// error numbers, MSAL's extra members.</para>
/// <para>What it does not do: prove who a person is. See <see
/// cref="IssuerSettings.SignsPeopleIn"/>.</para>
/// </remarks>
public sealed class BuiltInIssuer
{
    public required IssuerSettings Settings { get; init; }

    public required TimeProvider Clock { get; init; }

    public required TenantDirectory Directory { get; init; }

    public required SigningKeys Keys { get; init; }

    /// <summary>Remembers which sign-ins are revoked.</summary>
    public required Node Node { get; init; }

    public required ILogger Log { get; init; }

    /// <summary>Wrong codes that were typed for devices.</summary>
    internal AttemptLimit WrongUserCodes { get; } =
        new(IssuerLimits.WrongUserCodesPerMinuteMax, TimeSpan.FromMinutes(1));

    internal Uses AssertionUses { get; } = new(IssuerLimits.AssertionsRememberedMax);

    /// <summary>A code is redeemed once.</summary>
    internal Uses CodeUses { get; } = new(IssuerLimits.CodesRememberedMax);

    /// <summary>Counted with rotation only.</summary>
    internal Uses RefreshTokenUses { get; } = new(IssuerLimits.RefreshTokensRememberedMax);

    internal PendingDevices Devices { get; } = new();

    /// <summary>
    /// The journal's position, once everything is known here that was revoked by now, on whichever node. What is made for a
    /// sign-in is of that position, so that a revocation which comes meanwhile ends it.
    /// </summary>
    /// <exception cref="JournalUnavailableException">That could not be had in good time.</exception>
    internal async ValueTask<long> CatchUpAsync(CancellationToken cancel) =>
        await Node.CatchUpWithinAsync(IssuerLimits.CatchUpMax, Clock, cancel)
            ? Node.State.Position
            : throw new JournalUnavailableException("This node is behind the others.");

    /// <summary>Ends a sign-in, of which something was used twice: one of the two stole it.</summary>
    internal async ValueTask RevokeAsync(Guid sessionId) =>
        await Node.AppendAsync(EntryPayload.Of(new Revocation(default, default, sessionId)));

    internal Instant Now => Instant.From(Clock.GetUtcNow());

    /// <summary>
    /// Scheme, host and port that the client knows this server by, without a slash at the end.
    /// </summary>
    internal string BaseUrl(HttpRequest request) =>
        Settings.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? HostUrl(request);

    /// <summary>The same by the name in the request.</summary>
    internal static string HostUrl(HttpRequest request) => Roots.BaseUrl(request);

    /// <summary>The cloud that a request is for.</summary>
    internal CloudHosts CloudOf(HttpRequest request)
    {
        var host = request.Host.Host;
        var configured = Clouds.Of(Settings.Cloud);
        return IsLoginHost(configured, host)
            ? configured
            : Clouds.Rows.FirstOrDefault(row => IsLoginHost(row, host))
                ?? Clouds.Of(Clouds.OfHost(host, Settings.Cloud));
    }

    private static readonly ServiceRoots Roots = new(null);

    private static bool IsLoginHost(CloudHosts row, string host) =>
        row.LoginHosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
