using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.Identity;

/// <summary>
/// Callers that no issuer knows: they have a token of the settings, or they are programs of this machine.
/// </summary>
internal static class LocalAccess
{
    private const string Scheme = "Bearer ";

    /// <summary>Whether a request carries a token, compared in a time that says nothing about it.</summary>
    public static bool HasToken(HttpRequest request, string token) =>
        request.Headers.Authorization is [{ } header]
        && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        && CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(header[Scheme.Length..].Trim())),
            SHA256.HashData(Encoding.UTF8.GetBytes(token))
        );

    /// <summary>Whether a request comes over the loopback interface.</summary>
    public static bool IsFromLoopback(HttpRequest request) =>
        request.HttpContext.Connection.RemoteIpAddress is { } from && IPAddress.IsLoopback(from);

    /// <summary>Whether a host name means this machine.</summary>
    public static bool IsThisMachine(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));
}
