using System.Net;
using System.Text.Json.Nodes;

namespace Busylight;

/// <summary>
/// Keeps the lamp as the person's presence is. A notification says that something changed, not what: the presence is read
/// then. So it does no harm when one comes twice, or late, or after a newer one.
/// </summary>
public sealed class PresenceWatcher(HttpClient graph, ILamp lamp, string clientState, TimeProvider time)
{
    /// <summary>Graph lets a subscription to presence live for an hour at most.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(59);

    private Uri? webhook;
    private string? subscriptionId;

    /// <summary>Shows what is, and subscribes to what will be.</summary>
    /// <param name="publicUrl">Where Graph reaches this application.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task StartAsync(Uri publicUrl, CancellationToken cancel)
    {
        webhook = new Uri(publicUrl, "notifications");
        await SubscribeAsync(cancel);
        await ShowAsync(cancel);
    }

    /// <summary>Takes one notification, of either kind.</summary>
    public async Task TakeAsync(JsonNode notification, CancellationToken cancel)
    {
        if ((string?)notification["clientState"] != clientState)
        {
            return; // anybody can post to a public address
        }
        switch ((string?)notification["lifecycleEvent"])
        {
            case "reauthorizationRequired":
                await RenewAsync(cancel);
                break;
            case "subscriptionRemoved":
                await SubscribeAsync(cancel);
                break;
        }
        await ShowAsync(cancel);
    }

    private async Task ShowAsync(CancellationToken cancel)
    {
        var presence = await graph.GetFromJsonAsync<JsonNode>("me/presence", cancel);
        lamp.Show(
            (string?)presence?["availability"] switch
            {
                "Available" => Light.Green,
                "Away" or "BeRightBack" => Light.Yellow,
                "Busy" or "DoNotDisturb" => Light.Red,
                _ => Light.Off,
            }
        );
    }

    private async Task SubscribeAsync(CancellationToken cancel)
    {
        var me = await graph.GetFromJsonAsync<JsonNode>("me", cancel);
        using var answer = await graph.PostAsJsonAsync(
            "subscriptions",
            new
            {
                changeType = "updated",
                notificationUrl = webhook,
                lifecycleNotificationUrl = webhook,
                resource = $"/communications/presences/{(string?)me?["id"]}",
                expirationDateTime = time.GetUtcNow() + Lifetime,
                clientState,
            },
            cancel
        );
        answer.EnsureSuccessStatusCode();
        var made = await answer.Content.ReadFromJsonAsync<JsonNode>(cancel);
        subscriptionId = (string?)made?["id"];
    }

    private async Task RenewAsync(CancellationToken cancel)
    {
        using var answer = await graph.PatchAsJsonAsync(
            $"subscriptions/{subscriptionId}",
            new { expirationDateTime = time.GetUtcNow() + Lifetime },
            cancel
        );
        if (answer.StatusCode == HttpStatusCode.NotFound)
        {
            await SubscribeAsync(cancel);
            return;
        }
        answer.EnsureSuccessStatusCode();
    }
}
