using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Graph;
using Microsoft.Graph.Models;
using static OpenPresence.Clients.Demo;

namespace OpenPresence.Clients;

/// <summary>The life of a subscription, and what comes to its receiver.</summary>
internal static class SubscriptionChecks
{
    public static async Task NotificationAsync()
    {
        await using var receiver = await Receiver.StartAsync();
        var made = (await SignedIn.Subscriptions.PostAsync(Wanted(receiver)))!;
        Equal(Viktor, made.CreatorId);
        Equal(PublicClient, made.ApplicationId);

        await PresenceChecks.SetAsync("Busy", "InACall");
        var item = (await receiver.NextAsync()).Value!.Single();
        await PresenceChecks.ClearAsync();
        Equal(Guid.Parse(made.Id!), item.SubscriptionId);
        Equal("from C#", item.ClientState);
        Equal(ChangeType.Updated, item.ChangeType);
        Equal($"communications/presences/{Viktor}", item.Resource);

        var mine = SignedIn.Subscriptions[made.Id];
        True((await SignedIn.Subscriptions.GetAsync())!.Value!.Exists(each => each.Id == made.Id));
        var renewed = await mine.PatchAsync(new Subscription { ExpirationDateTime = In(59) });
        True(renewed!.ExpirationDateTime > made.ExpirationDateTime);
        await mine.Reauthorize.PostAsync();
        await mine.DeleteAsync();
        Equal(404, (await DirectoryChecks.ErrorOfAsync(() => mine.GetAsync())).ResponseStatusCode);
    }

    public static async Task EncryptedAsync()
    {
        using var certificate = SelfSigned();
        await using var receiver = await Receiver.StartAsync();
        var wanted = Wanted(receiver);
        wanted.IncludeResourceData = true;
        wanted.EncryptionCertificate = Convert.ToBase64String(certificate.Export(X509ContentType.Cert));
        wanted.EncryptionCertificateId = "of this run";
        var made = (await SignedIn.Subscriptions.PostAsync(wanted))!;
        await PresenceChecks.SetAsync("DoNotDisturb", "Presenting");
        var told = await receiver.NextAsync();
        await PresenceChecks.ClearAsync();
        await SignedIn.Subscriptions[made.Id].DeleteAsync();

        var content = told.Value!.Single().EncryptedContent!;
        var presence = await content.DecryptAsync<Microsoft.Graph.Models.Presence>(
            (id, _) => Task.FromResult(id == "of this run" ? certificate : throw new KeyNotFoundException(id))
        );
        Equal(Viktor, presence.Id);
        Equal("Presenting", presence.Activity);

        var areValid = await told.AreTokensValidAsync(
            [Guid.Parse(Tenant)],
            [Guid.Parse(PublicClient)],
            $"{Url}/common/v2.0/.well-known/openid-configuration"
        );
        True(areValid);
    }

    private static Subscription Wanted(Receiver receiver) =>
        new()
        {
            ChangeType = "updated",
            NotificationUrl = receiver.Url,
            Resource = $"/communications/presences/{Viktor}",
            ExpirationDateTime = In(50),
            ClientState = "from C#",
        };

    private static DateTimeOffset In(int minutes) => TimeProvider.System.GetUtcNow().AddMinutes(minutes);

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(
            "CN=presence in notifications",
            key,
            HashAlgorithmName.SHA256,
            RSASignaturePadding.Pkcs1
        );
        return request.CreateSelfSigned(In(-5), In(24 * 60));
    }
}
