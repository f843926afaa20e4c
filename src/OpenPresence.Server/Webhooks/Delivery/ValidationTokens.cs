using System.Collections.Concurrent;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// The tokens by which a receiver knows that a notification with presence in it comes from here: one for each
/// application and tenant, signed with a key that <see cref="KeyDocuments"/> shows in every profile. Making one takes
/// a millisecond, so it is used again for half of its life.
/// </summary>
/// <remarks>
/// Version 1 names the security token service as its issuer and the publisher as <c>appid</c>, version 2 the login
/// host and <c>azp</c>; both are the names of the cloud that this server stands in for, because those are what clients
/// compare with. They live by the system's clock, as the clocks of receivers do.
/// Source: https://learn.microsoft.com/graph/change-notifications-with-resource-data
/// </remarks>
internal sealed class ValidationTokens(SigningKeys keys, CloudHosts cloud, int version, TimeProvider time)
{
    /// <summary>The application that Graph publishes notifications as.</summary>
    public const string Publisher = "0bf30f3b-4a52-48df-9a82-234910c4a086";

    private const int TokensKept = 10_000;
    private static readonly TimeSpan ReusedFor = TokenLimits.Lifetime / 2;
    private readonly ConcurrentDictionary<(string Audience, Guid Tenant), Made> made = new();

    private sealed record Made(string Token, Instant At);

    /// <summary>The token for the application that a subscription belongs to.</summary>
    public async ValueTask<string> ForAsync(string audience, Guid tenantId, CancellationToken cancel)
    {
        var now = Instant.From(time.GetUtcNow());
        if (made.TryGetValue((audience, tenantId), out var known) && now < known.At + ReusedFor && now >= known.At)
        {
            return known.Token;
        }
        if (made.Count >= TokensKept)
        {
            made.Clear();
        }
        var token = Sign(await keys.CurrentAsync(cancel), audience, tenantId, now);
        made[(audience, tenantId)] = new(token, now);
        return token;
    }

    /// <summary>One whose hour was over an hour ago, for the faults of the control API.</summary>
    public async ValueTask<string> ExpiredAsync(string audience, Guid tenantId, CancellationToken cancel)
    {
        var longAgo = Instant.From(time.GetUtcNow()) - 2 * TokenLimits.Lifetime;
        return Sign(await keys.CurrentAsync(cancel), audience, tenantId, longAgo);
    }

    private string Sign(SigningKey key, string audience, Guid tenantId, Instant now) =>
        Jwt.Sign(key, Jwt.TokenType, json => WriteClaims(json, audience, tenantId, now));

    private void WriteClaims(Utf8JsonWriter json, string audience, Guid tenantId, Instant now)
    {
        var isV1 = version == 1;
        var issuedAt = now.ToDateTimeOffset().ToUnixTimeSeconds();
        json.WriteString("aud", audience);
        json.WriteString(
            "iss",
            isV1 ? $"https://{cloud.StsHost}/{tenantId:D}/" : $"https://{cloud.LoginHosts[0]}/{tenantId:D}/v2.0"
        );
        json.WriteNumber("iat", issuedAt);
        json.WriteNumber("nbf", issuedAt);
        json.WriteNumber("exp", issuedAt + (long)TokenLimits.Lifetime.TotalSeconds);
        json.WriteString(isV1 ? "appid" : "azp", Publisher);
        json.WriteString(isV1 ? "appidacr" : "azpacr", "2");
        json.WriteString("sub", Publisher);
        json.WriteString("tid", tenantId);
        json.WriteString("ver", isV1 ? "1.0" : "2.0");
    }
}
