using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.Scim;

/// <summary>
/// Lets identity providers in, by a token that opens nothing else; Graph's tokens open nothing here. Wrong tokens are
/// counted for each address. A right one is never refused for them: it cannot be guessed, so locking the
/// address out would only serve somebody who wants to keep the provider out that comes through the same proxy.
/// </summary>
internal sealed class ScimDoor(ProvisioningTokens tokens, GraphServer server)
{
    /// <summary>Wrong tokens from one address within <see cref="Throttle.Window"/> before it gets 429.</summary>
    public const int WrongTokensMax = 20;

    private const string Scheme = "Bearer ";

    private readonly Throttle requests = new(server.Options.ThrottleRequestsPer30Seconds, server.Time);
    private readonly Throttle wrong = new(WrongTokensMax, server.Time);

    /// <summary>Who calls; or why the request is refused.</summary>
    public (ScimClient? Client, ScimFault? Fault) Admit(HttpContext http)
    {
        var authorization = http.Request.Headers.Authorization;
        if (TokenOf(authorization) is not { Length: > 0 } token)
        {
            return (null, Unauthorized("The request needs the header Authorization: Bearer TOKEN."));
        }
        if (tokens.Find(token) is not { } found)
        {
            var wait = wrong.Count(AddressOf(http.Connection.RemoteIpAddress), Guid.Empty);
            return (null, wait > 0 ? TooMany(wait) : Unauthorized("The token is not known here."));
        }
        var busy = requests.Count(found.Tenant, found.Tenant);
        return busy > 0 ? (null, TooMany(busy)) : (new ScimClient(found.Tenant, found.IdFromExternalId), null);
    }

    private static string? TokenOf(StringValues authorization) =>
        authorization is [{ } only] && only.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? only[Scheme.Length..].Trim(' ')
            : null;

    /// <summary>An address as a number; of IPv6 the network, which one caller has to choose from.</summary>
    private static Guid AddressOf(IPAddress? address)
    {
        Span<byte> bytes = stackalloc byte[16];
        (address ?? IPAddress.None).MapToIPv6().TryWriteBytes(bytes, out _);
        if (address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false })
        {
            bytes[8..].Clear();
        }
        return new Guid(bytes);
    }

    private static ScimFault Unauthorized(string detail) => new(StatusCodes.Status401Unauthorized, null, detail);

    private static ScimFault TooMany(int waitSeconds) =>
        new(StatusCodes.Status429TooManyRequests, null, "Too many requests; try again later.")
        {
            RetryAfterSeconds = waitSeconds,
        };
}
