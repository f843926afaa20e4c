using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using OpenPresence.Server.Tests.Postgres.Histories;
using OpenPresence.Server.Tests.Webhooks;
using OpenPresence.Server.Tests.Webhooks.Delivery;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// A receiver of notifications with presence in them, subscribed to everybody: several subscriptions, each at an address of
/// its own, so that they have different owners.
/// </summary>
internal sealed class Wallboard : IAsyncDisposable
{
    private readonly WebhookReceiver receiver;
    private readonly Recipient recipient = new();
    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentQueue<Told> told = new();
    private readonly Task taking;

    private Wallboard(WebhookReceiver receiver, int subscriptions)
    {
        this.receiver = receiver;
        Receivers = [.. Enumerable.Range(0, subscriptions).Select(number => $"/{number}")];
        taking = Task.Run(TakeAsync);
    }

    /// <summary>A name for each subscription.</summary>
    public IReadOnlyList<string> Receivers { get; }

    /// <summary>What came so far, in order.</summary>
    public IReadOnlyList<Told> Told => [.. told];

    /// <summary>Whether every subscription was told of a person's state, and of nothing after it.</summary>
    public bool AllKnow(int person, string value)
    {
        var last = told.Where(one => one.Person == Cluster.Person(person))
            .GroupBy(one => one.Receiver)
            .ToDictionary(one => one.Key, one => one.Last().Value);
        return Receivers.All(receiver => last.GetValueOrDefault(receiver) == value);
    }

    public static async Task<Wallboard> StartAsync(Uri node, string token, int subscriptions)
    {
        var wallboard = new Wallboard(await WebhookReceiver.StartAsync(), subscriptions);
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var path in wallboard.Receivers)
        {
            var wanted = new
            {
                changeType = "updated",
                resource = "communications/presences",
                notificationUrl = wallboard.receiver.Url(path),
                expirationDateTime = TimeProvider.System.GetUtcNow().AddMinutes(59),
                includeResourceData = true,
                encryptionCertificate = Convert.ToBase64String([.. wallboard.recipient.Certificate]),
                encryptionCertificateId = "mine",
            };
            using var answer = await client.PostAsJsonAsync(new Uri(node, "v1.0/subscriptions"), wanted);
            Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        }
        return wallboard;
    }

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await receiver.DisposeAsync();
        await taking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ended.Dispose();
    }

    private async Task TakeAsync()
    {
        while (true)
        {
            var request = await receiver.NextAsync().AsTask().WaitAsync(ended.Token);
            foreach (var notification in request.Values())
            {
                if (notification.LifecycleEvent() is null)
                {
                    told.Enqueue(
                        new Told(
                            request.PathAndQuery,
                            notification.PersonId().ToString(),
                            Registers.PairOf(recipient.Open(notification.GetProperty("encryptedContent")))
                        )
                    );
                }
            }
        }
    }
}
