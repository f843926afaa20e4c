using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;
using OpenPresence.Server.Tests.Webhooks;

namespace OpenPresence.Server.Tests.Graph.Subscriptions;

/// <summary>The members of a POST: defaults, limits, and what is said of a wrong one.</summary>
public sealed class SubscriptionBodyTests(SharedServer shared) : IClassFixture<SharedServer>, IAsyncLifetime
{
    private readonly RunningServer server = shared.Server;
    private WebhookReceiver receiver = null!;

    public async ValueTask InitializeAsync() => receiver = await WebhookReceiver.StartAsync();

    public ValueTask DisposeAsync() => receiver.DisposeAsync();

    [Theory]
    [InlineData("clientState", 129, "The provided [ClientState] is longer than 128 characters.")]
    [InlineData(
        "encryptionCertificateId",
        129,
        "The provided [EncryptionCertificateId] is longer than 128 characters."
    )]
    [InlineData("notificationUrl", 2049, "The provided [NotificationUrl] is longer than 2048 characters.")]
    [InlineData("resource", 32_769, "The provided [Resource] is longer than 32768 characters.")]
    [InlineData(
        "encryptionCertificate",
        16_385,
        "The provided [EncryptionCertificate] is longer than 16384 characters."
    )]
    public async Task Each_member_has_its_limit(string member, int characters, string sentence)
    {
        var text = member == "notificationUrl" ? "http://localhost/" : "";
        Assert.Equal(sentence, await FaultAsync(member, text.PadRight(characters, 'x')));
    }

    [Theory]
    [InlineData("clientState")]
    [InlineData("encryptionCertificateId")]
    public async Task A_member_as_long_as_it_may_be_is_taken(string member)
    {
        var longest = "".PadRight(128, 'x');
        using var answer = await PostAsync(body => body[member] = longest);
        Assert.Equal(longest, (string?)(await JsonAsync(answer))[member]);
    }

    [Theory]
    [InlineData("notificationUrl", "/hook", "The provided [NotificationUrl] must begin with https://.")]
    [InlineData("notificationUrl", "hook", "The provided [NotificationUrl] must be an absolute URL.")]
    [InlineData(
        "notificationUrl",
        "http://10.1.2.3/",
        "The provided [NotificationUrl] must be a public address; 10.1.2.3 is private."
    )]
    [InlineData(
        "lifecycleNotificationUrl",
        "http://a:b@localhost/",
        "The provided [LifecycleNotificationUrl] must not carry a name or password."
    )]
    [InlineData("notificationUrlAppId", "me", "The provided [NotificationUrlAppId] must be the id of an application.")]
    [InlineData(
        "notificationQueryOptions",
        "$select=id",
        "The provided [NotificationQueryOptions] is not supported for presence."
    )]
    [InlineData(
        "notificationContentType",
        "text/xml",
        "The provided [NotificationContentType] must be application/json."
    )]
    [InlineData("creatorId", "me", "The provided [CreatorId] is read-only.")]
    [InlineData("expirationDateTime", "2026-08-27T11:59:59Z", "The provided [ExpirationDateTime] is in the past.")]
    [InlineData("resource", null, "resource is a required property for subscription creation")]
    [InlineData("notificationUrl", null, "notificationUrl is a required property for subscription creation")]
    [InlineData("changeType", null, "changeType is a required property for subscription creation")]
    [InlineData("expirationDateTime", null, "expirationDateTime is a required property for subscription creation")]
    public async Task What_is_wrong_with_a_member_is_said(string member, string? value, string sentence) =>
        Assert.Equal(sentence, await FaultAsync(member, value));

    /// <summary>Spellings that libraries read and the real service does not.</summary>
    [Theory]
    [InlineData("08/27/2026 12:50:00")]
    [InlineData("2026-08-27T12:50:0Z")]
    [InlineData("2026-8-27T12:50:00Z")]
    [InlineData("Thu, 27 Aug 2026 12:50:00 GMT")]
    [InlineData("2026-08-27T12:50:00")]
    [InlineData("2026-08-27T12:50Z")]
    [InlineData("2026-08-27 12:50:00Z")]
    [InlineData("2026-08-27T12:50:00+0200")]
    [InlineData("2026-08-27T12:50:00+2:00")]
    [InlineData("2026-08-27T12:50:00.Z")]
    [InlineData("2026-08-27T12:50:00z")]
    [InlineData("2026-02-30T12:50:00Z")]
    [InlineData(" 2026-08-27T12:50:00Z")]
    [InlineData("1787835000")]
    public async Task A_date_in_another_spelling_is_refused(string date) =>
        Assert.Equal(
            "The provided [ExpirationDateTime] must be a date and time such as 2026-08-27T13:00:00Z.",
            await FaultAsync("expirationDateTime", date)
        );

    [Theory]
    [InlineData("2026-08-27T12:50:00Z", "2026-08-27T12:50:00.0000000Z")]
    [InlineData("2026-08-27T12:50:00.5Z", "2026-08-27T12:50:00.5000000Z")]
    [InlineData("2026-08-27T12:50:00.123456789Z", "2026-08-27T12:50:00.1234567Z")]
    [InlineData("2026-08-27T14:50:00+02:00", "2026-08-27T12:50:00.0000000Z")]
    [InlineData("2026-08-27T12:50:00.0000000+00:00", "2026-08-27T12:50:00.0000000Z")]
    public async Task A_date_as_the_schema_has_it_is_read(string date, string read)
    {
        using var answer = await PostAsync(body => body["expirationDateTime"] = date);
        Assert.Equal(read, (string?)(await JsonAsync(answer))["expirationDateTime"]);
    }

    [Fact]
    public async Task A_member_of_another_kind_is_named()
    {
        Assert.Equal(
            "The provided [IncludeResourceData] must be true or false.",
            await FaultAsync("includeResourceData", "yes")
        );
        Assert.Equal("The provided [ClientState] must be a string.", await FaultAsync("clientState", 7));
    }

    [Fact]
    public async Task Resource_data_comes_with_a_certificate_and_its_name()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest(
            "CN=receiver",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        ).CreateSelfSigned(server.Clock.GetUtcNow(), server.Clock.GetUtcNow().AddDays(1));
        using var answer = await PostAsync(body =>
        {
            body["includeResourceData"] = true;
            body["encryptionCertificate"] = Convert.ToBase64String(certificate.RawData);
            body["encryptionCertificateId"] = "key-1";
            body["id"] = null;
        });
        var json = await JsonAsync(answer);
        server.Node.State.Subscriptions.TryGet((Guid)json["id"]!, out var created);
        Assert.Equal(certificate.RawData, created!.EncryptionCertificate);
        Assert.True((bool)json["includeResourceData"]!);
        Assert.Equal("key-1", (string?)json["encryptionCertificateId"]);
        Assert.Null(json["encryptionCertificate"]);
        Assert.Equal("v1_2", (string?)json["latestSupportedTlsVersion"]);
    }

    private async Task<string?> FaultAsync(string member, JsonNode? value)
    {
        using var answer = await PostAsync(body => body[member] = value);
        var error = (await JsonAsync(answer))["error"]!;
        Assert.Equal(member, (string?)error["target"]);
        Assert.Empty(receiver.All);
        return (string?)(error["details"]?[0] ?? error)["message"];
    }

    private async Task<HttpResponseMessage> PostAsync(Action<JsonObject> change)
    {
        var body = new JsonObject
        {
            ["changeType"] = "updated",
            ["resource"] = "communications/presences",
            ["notificationUrl"] = receiver.Url().ToString(),
            ["expirationDateTime"] = server.Clock.GetUtcNow().AddMinutes(50),
        };
        change(body);
        return await server.SendAsync(
            HttpMethod.Post,
            "/v1.0/subscriptions",
            await server.PersonTokenAsync(RunningServer.Someone, "Presence.Read.All"),
            JsonContent.Create(body)
        );
    }

    private static async Task<JsonNode> JsonAsync(HttpResponseMessage answer) =>
        JsonNode.Parse(await answer.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken))!;
}
