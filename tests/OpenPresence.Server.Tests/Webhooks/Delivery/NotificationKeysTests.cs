using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Identity;
using static OpenPresence.Server.Tests.Webhooks.Delivery.DeliveryUnderTest;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>The tokens in notifications, and the documents by which receivers check them.</summary>
public sealed class NotificationKeysTests
{
    private const string Publisher = "0bf30f3b-4a52-48df-9a82-234910c4a086";

    [Theory]
    [InlineData(1, "https://sts.windows.net/aaaabbbb-0000-cccc-1111-dddd2222eeee/", "appid", "1.0")]
    [InlineData(2, "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0", "azp", "2.0")]
    public async Task A_notification_with_presence_carries_a_token_that_the_published_key_confirms(
        int version,
        string issuer,
        string publisherClaim,
        string ver
    )
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync(options =>
            options with
            {
                ValidationTokenVersion = version,
            }
        );
        await delivery.SubscribeAsync(receiver.Url(), new Recipient().Wants, Ada);
        await delivery.SetAsync(Ada, Availability.Busy, Activity.Busy);
        using var body = JsonDocument.Parse((await receiver.NextAsync()).Body);
        var token = Assert.Single(body.RootElement.GetProperty("validationTokens").EnumerateArray()).GetString()!;

        var claims = await VerifiedAsync(delivery, token, "/common/.well-known/openid-configuration");
        await VerifiedAsync(delivery, token, "/common/v2.0/.well-known/openid-configuration");

        Assert.Equal(issuer, claims.GetProperty("iss").GetString());
        Assert.Equal(RunningServer.DemoApplication, claims.GetProperty("aud").GetString());
        Assert.Equal(Publisher, claims.GetProperty(publisherClaim).GetString());
        Assert.Equal(RunningServer.DemoTenant, claims.GetProperty("tid").GetString());
        Assert.Equal(ver, claims.GetProperty("ver").GetString());
        var now = delivery.Server.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(now, claims.GetProperty("nbf").GetInt64());
        Assert.Equal(now + 3600, claims.GetProperty("exp").GetInt64());
    }

    [Fact]
    public async Task A_token_is_used_again_for_half_of_its_life()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await delivery.SubscribeAsync(receiver.Url(), new Recipient().Wants, Ada);

        var tokens = new List<string>();
        foreach (var minutes in new[] { 0, 29, 1 })
        {
            delivery.Server.Clock.Advance(TimeSpan.FromMinutes(minutes));
            await delivery.SetAsync(
                Ada,
                tokens.Count % 2 == 0 ? Availability.Busy : Availability.Away,
                tokens.Count % 2 == 0 ? Activity.Busy : Activity.Away
            );
            using var body = JsonDocument.Parse((await receiver.NextAsync()).Body);
            await delivery.SettledAsync();
            tokens.Add(body.RootElement.GetProperty("validationTokens")[0].GetString()!);
        }

        Assert.Equal(tokens[0], tokens[1]);
        Assert.NotEqual(tokens[0], tokens[2]);
    }

    [Fact]
    public async Task The_keys_are_shown_without_the_built_in_issuer_too_and_open_nothing_there()
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                BuiltInIssuer = false,
                Auth = new AuthOptions(),
            }
        );
        foreach (var version in new[] { "", "v2.0/" })
        {
            using var discovery = JsonDocument.Parse(
                await server.Client.GetStringAsync(
                    $"/common/{version}.well-known/openid-configuration",
                    TestContext.Current.CancellationToken
                )
            );
            var keysAt = discovery.RootElement.GetProperty("jwks_uri").GetString();
            using var keys = JsonDocument.Parse(
                await server.Client.GetStringAsync(keysAt, TestContext.Current.CancellationToken)
            );
            Assert.NotEmpty(keys.RootElement.GetProperty("keys").EnumerateArray());
        }
    }

    /// <summary>The claims, if the key that the documents name confirms the signature.</summary>
    private static async Task<JsonElement> VerifiedAsync(DeliveryUnderTest delivery, string token, string discoveryPath)
    {
        var cancel = TestContext.Current.CancellationToken;
        var parts = token.Split('.');
        var head = JsonDocument.Parse(Base64Url.DecodeFromChars(parts[0])).RootElement;
        using var discovery = JsonDocument.Parse(await delivery.Server.Client.GetStringAsync(discoveryPath, cancel));
        using var keys = JsonDocument.Parse(
            await delivery.Server.Client.GetStringAsync(
                discovery.RootElement.GetProperty("jwks_uri").GetString(),
                cancel
            )
        );
        var key = keys
            .RootElement.GetProperty("keys")
            .EnumerateArray()
            .Single(k => k.GetProperty("kid").GetString() == head.GetProperty("kid").GetString());
        using var rsa = RSA.Create(
            new RSAParameters
            {
                Modulus = Base64Url.DecodeFromChars(key.GetProperty("n").GetString()),
                Exponent = Base64Url.DecodeFromChars(key.GetProperty("e").GetString()),
            }
        );
        Assert.True(
            rsa.VerifyData(
                Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"),
                Base64Url.DecodeFromChars(parts[2]),
                HashAlgorithmName.SHA256,
                RSASignaturePadding.Pkcs1
            )
        );
        return JsonDocument.Parse(Base64Url.DecodeFromChars(parts[1])).RootElement;
    }
}
