using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>A subscriber replaces its certificate while notifications go on.</summary>
public sealed class CertificateRotationTests
{
    [Fact]
    public async Task The_next_notification_is_for_the_certificate_that_was_given_last()
    {
        await using var server = await RunningServer.StartAsync();
        await using var receiver = await WebhookReceiver.StartAsync();
        using var first = Certificate(server, "CN=first");
        using var second = Certificate(server, "CN=second");
        var token = await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read.All", "Presence.ReadWrite");
        var id = await SubscribeAsync(server, receiver, first, token);

        await PreferAsync(server, token, "Busy");
        var before = Encrypted(await receiver.NextAsync());
        Assert.Equal(("key-1", first.Thumbprint), (Text(before, "Id"), Text(before, "Thumbprint")));
        Assert.Equal("Busy", Open(before, first));

        using var renewed = await server.SendAsync(
            HttpMethod.Patch,
            $"/v1.0/subscriptions/{id}",
            token,
            JsonContent.Create(Key(second, "key-2"))
        );
        Assert.Equal(HttpStatusCode.OK, renewed.StatusCode);
        await PreferAsync(server, token, "DoNotDisturb");
        var after = Encrypted(await receiver.NextAsync());
        Assert.Equal(("key-2", second.Thumbprint), (Text(after, "Id"), Text(after, "Thumbprint")));
        Assert.Equal("DoNotDisturb", Open(after, second));
    }

    private static async Task<string> SubscribeAsync(
        RunningServer server,
        WebhookReceiver receiver,
        X509Certificate2 certificate,
        string token
    )
    {
        var body = Key(certificate, "key-1");
        body["changeType"] = "updated";
        body["resource"] = $"communications/presences/{RunningServer.Someone}";
        body["notificationUrl"] = receiver.Url().ToString();
        body["expirationDateTime"] = server.Clock.GetUtcNow().AddMinutes(50).ToString("O");
        body["includeResourceData"] = true;
        using var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v1.0/subscriptions",
            token,
            JsonContent.Create(body)
        );
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (string)
            JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["id"]!;
    }

    private static async Task PreferAsync(RunningServer server, string token, string word)
    {
        using var answer = await server.SendAsync(
            HttpMethod.Post,
            "/v1.0/me/presence/setUserPreferredPresence",
            token,
            JsonContent.Create(new JsonObject { ["availability"] = word, ["activity"] = word })
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private static JsonNode Encrypted(ReceivedRequest got) =>
        JsonNode.Parse(got.Text)!["value"]![0]!["encryptedContent"]!;

    private static string? Text(JsonNode encrypted, string name) => (string?)encrypted["encryptionCertificate" + name];

    /// <summary>The availability that a notification carries, by the steps of Graph's page.</summary>
    private static string? Open(JsonNode encrypted, X509Certificate2 certificate)
    {
        using var rsa = certificate.GetRSAPrivateKey()!;
        using var aes = Aes.Create();
        var key = rsa.Decrypt(Bytes("dataKey"), RSAEncryptionPadding.OaepSHA1);
        aes.SetKey(key);
        var plain = aes.DecryptCbc(Bytes("data"), key.AsSpan(0, 16), PaddingMode.PKCS7);
        return (string?)JsonNode.Parse(plain)!["availability"];

        byte[] Bytes(string name) => Convert.FromBase64String((string)encrypted[name]!);
    }

    private static JsonObject Key(X509Certificate2 certificate, string name) =>
        new()
        {
            ["encryptionCertificate"] = Convert.ToBase64String(certificate.RawData),
            ["encryptionCertificateId"] = name,
        };

    private static X509Certificate2 Certificate(RunningServer server, string name)
    {
        using var key = RSA.Create(2048);
        var now = server.Clock.GetUtcNow();
        return new CertificateRequest(name, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(
            now.AddDays(-1),
            now.AddDays(1)
        );
    }
}
