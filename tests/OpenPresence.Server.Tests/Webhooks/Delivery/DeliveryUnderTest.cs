using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>A whole server whose subscriptions a test makes without asking the receiver first.</summary>
internal sealed class DeliveryUnderTest(RunningServer server) : IAsyncDisposable
{
    public static readonly Guid Tenant = new(RunningServer.DemoTenant);
    public static readonly Guid Ada = new("aa000000-0000-0000-0000-000000000001");
    public static readonly Guid Bob = new("bb000000-0000-0000-0000-000000000002");
    private static readonly Guid Device = new("de000000-0000-0000-0000-000000000003");
    private static readonly TimeSpan HeartbeatDuration = TimeSpan.FromDays(1);
    private int made;

    public RunningServer Server => server;

    public Dispatcher Dispatcher => server.Delivery;

    /// <summary>By the node's clock.</summary>
    public Instant Now => server.Node.State.Clock.Now;

    public static async Task<DeliveryUnderTest> StartAsync(Func<ServerOptions, ServerOptions>? configure = null)
    {
        var started = new DeliveryUnderTest(await RunningServer.StartAsync(configure));
        await started.AddAsync(Ada);
        await started.AddAsync(Bob);
        return started;
    }

    public async Task AddAsync(Guid person) => await server.Node.ExecuteAsync(new PersonKnown(person, Tenant));

    /// <summary>A subscription to people, or with none named to everyone.</summary>
    public async Task<Subscription> SubscribeAsync(
        Uri url,
        Func<Subscription, Subscription>? configure = null,
        params Guid[] people
    )
    {
        var wanted = new Subscription
        {
            Id = new Guid(++made, 0, 0, [0x5b, 0, 0, 0, 0, 0, 0, 0]),
            TenantId = Tenant,
            ApplicationId = Guid.Parse(RunningServer.DemoApplication),
            UserId = null,
            Resource = "communications/presences",
            People = people.Length == 0 ? default : [.. people],
            NotificationUrl = url,
            ClientState = "secret",
            ExpiresAt = Now + TimeSpan.FromDays(2),
            AuthorizedUntil = Now + TimeSpan.FromDays(2),
            DeliveredTo = 0,
        };
        wanted = configure?.Invoke(wanted) ?? wanted;
        var result = await server.Node.ExecuteAsync(new SubscriptionCreated(wanted, int.MaxValue, IsOnlyOne: false));
        Assert.Equal(SubscriptionOutcome.Done, result.Subscription);
        return wanted;
    }

    /// <summary>What a person's device says; readers see the same.</summary>
    public async Task SetAsync(Guid person, Availability availability, Activity activity) =>
        await server.Node.ExecuteAsync(
            person,
            new ReportDevice(Device, new(availability, activity), HeartbeatDuration)
        );

    public Task SetAsync(Guid person, PresencePair pair) => SetAsync(person, pair.Availability, pair.Activity);

    /// <summary>
    /// Moves the clock, and waits until all is done that is due by then. A POST that is under way sees its time pass:
    /// who wants its answer waits for <see cref="SettledAsync"/> first.
    /// </summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        await server.AdvanceAsync(by);
        await SettledAsync();
    }

    /// <summary>Waits until all is done that can be.</summary>
    public Task SettledAsync() => Dispatcher.SettledAsync().WaitAsync(TestContext.Current.CancellationToken);

    /// <summary>How far the journal knows that a subscription was delivered.</summary>
    public long DeliveredTo(Subscription subscription) =>
        server.Node.State.Subscriptions.TryGet(subscription.Id, out var found) ? found.DeliveredTo : -1;

    public ValueTask DisposeAsync() => server.DisposeAsync();
}

/// <summary>Opens what only a subscriber can open, by the steps of Graph's page and none of our code.</summary>
internal sealed class Recipient
{
    private readonly RSA key = RSA.Create(2048);

    public Recipient()
    {
        var request = new CertificateRequest("CN=recipient", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var made = request.CreateSelfSigned(
            new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero),
            new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero)
        );
        Certificate = [.. made.RawData];
        Thumbprint = made.GetCertHashString(HashAlgorithmName.SHA1);
    }

    public ImmutableArray<byte> Certificate { get; }

    public string Thumbprint { get; }

    /// <summary>The private key, for programs that are not ours.</summary>
    public string KeyPem => key.ExportPkcs8PrivateKeyPem();

    /// <summary>Makes a subscription one with presence in it.</summary>
    public Subscription Wants(Subscription subscription) =>
        subscription with
        {
            IncludesResourceData = true,
            EncryptionCertificate = Certificate,
            EncryptionCertificateId = "mine",
        };

    /// <summary>The JSON in an <c>encryptedContent</c>.</summary>
    public JsonElement Open(JsonElement encrypted)
    {
        var symmetric = key.Decrypt(
            encrypted.GetProperty("dataKey").GetBytesFromBase64(),
            RSAEncryptionPadding.OaepSHA1
        );
        var data = encrypted.GetProperty("data").GetBytesFromBase64();
        Assert.Equal(encrypted.GetProperty("dataSignature").GetBytesFromBase64(), HMACSHA256.HashData(symmetric, data));
        using var aes = Aes.Create();
        aes.Key = symmetric;
        return JsonDocument.Parse(aes.DecryptCbc(data, symmetric.AsSpan(0, 16), PaddingMode.PKCS7)).RootElement;
    }
}

/// <summary>Reads what a receiver got.</summary>
internal static class Received
{
    /// <summary>The notifications of one POST.</summary>
    public static List<JsonElement> Values(this ReceivedRequest request) =>
        [.. JsonDocument.Parse(request.Body).RootElement.GetProperty("value").EnumerateArray()];

    /// <summary>Whose presence it tells of.</summary>
    public static Guid PersonId(this JsonElement notification) =>
        notification.GetProperty("resourceData").GetProperty("id").GetGuid();

    /// <summary>The event of a subscription's life; null: it is of presence.</summary>
    public static string? LifecycleEvent(this JsonElement notification) =>
        notification.TryGetProperty("lifecycleEvent", out var told) ? told.GetString() : null;
}
