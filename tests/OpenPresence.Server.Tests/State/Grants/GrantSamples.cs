using OpenPresence.Engine;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.State.Grants;

namespace OpenPresence.Server.Tests.State.Grants;

/// <summary>Grants to test with, numbered.</summary>
internal static class GrantSamples
{
    public static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 11, 21, 9, 0, 0, TimeSpan.Zero));

    public static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    public static SecretDigest Digest(string secret) => SecretDigest.Of(secret);

    public static PersonGrant Grant(int number) =>
        new(Id(number), Id(1001), Id(2001), Id(3001), "openid Presence.Read");

    public static NewRefreshToken Refresh(string secret, Instant? at = null) =>
        new(Digest(secret), (at ?? Start) + IssuerLimits.RefreshTokenLifetime);

    public static CodeIssued Code(string secret, int grant = 1, Instant? at = null) =>
        new(
            Digest(secret),
            Grant(grant),
            "http://localhost:3000/signed-in",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
            "nonce",
            (at ?? Start) + IssuerLimits.CodeLifetime
        );

    public static DeviceCodeIssued Device(string secret, string userCode, int grant = 1, Instant? at = null) =>
        new(
            Digest(secret),
            Digest(userCode),
            Id(grant),
            Id(3001),
            Id(1001),
            "offline_access Presence.Read",
            (at ?? Start) + IssuerLimits.DeviceCodeLifetime
        );

    public static byte[] Bytes(GrantState state)
    {
        using var stream = new MemoryStream();
        state.Cut().WriteTo(stream);
        return stream.ToArray();
    }
}
