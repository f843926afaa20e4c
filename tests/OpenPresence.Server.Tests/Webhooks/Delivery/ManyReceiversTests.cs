using System.Net;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>
/// Many changes to many subscriptions, whose receivers are prompt, stuck, failing, silent, and dead until later. Each
/// ends with every person's last state, in order; and the prompt ones have theirs before any other one is helped.
/// A few here; with SOAK=1 a hundred thousand changes to a thousand subscriptions.
/// </summary>
public sealed class ManyReceiversTests
{
    private const int RoundsMax = 50;

    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("SOAK") is not null;
    private static readonly int SubscriptionsOfKind = IsSoak ? 200 : 8;
    private static readonly int PeopleOfEach = IsSoak ? 10 : 2;
    private static readonly int People = IsSoak ? 10_000 : 40;

    /// <summary>What each person shows one after the other: each once, so that its name says which it was.</summary>
    private static readonly (Availability Availability, Activity Activity)[] States =
    [
        (Availability.Available, Activity.Available),
        (Availability.Busy, Activity.InACall),
        (Availability.Away, Activity.Away),
        (Availability.DoNotDisturb, Activity.Presenting),
        (Availability.BeRightBack, Activity.BeRightBack),
        (Availability.Busy, Activity.InAMeeting),
        (Availability.DoNotDisturb, Activity.DoNotDisturb),
        (Availability.Busy, Activity.Busy),
        (Availability.DoNotDisturb, Activity.Focusing),
        (Availability.Busy, Activity.InAConferenceCall),
    ];

    private readonly Recipient recipient = new();
    private readonly Guid[] people =
    [
        .. Enumerable.Range(1, People).Select(n => new Guid(n, 0, 0, [0xee, 0, 0, 0, 0, 0, 0, 0])),
    ];

    [Fact(Timeout = 1_200_000)]
    public async Task Each_receiver_ends_with_the_last_state_of_each_person_and_the_prompt_wait_for_no_other()
    {
        var open = new TaskCompletionSource();
        await using var prompt = await WebhookReceiver.StartAsync();
        await using var stuck = await WebhookReceiver.StartAsync();
        await using var failing = await WebhookReceiver.StartAsync();
        await using var silent = await WebhookReceiver.StartAsync();
        stuck.Notification = _ => open.Task;
        failing.Notification = WebhookReceiver.Answer(HttpStatusCode.ServiceUnavailable);
        silent.Notification = WebhookReceiver.Never;
        var dead = await WebhookReceiver.StartAsync();
        var port = dead.Port;
        await using var delivery = await DeliveryUnderTest.StartAsync();
        await Task.WhenAll(people.Select(delivery.AddAsync));
        var watched = new Dictionary<string, Guid[]>(StringComparer.Ordinal);
        foreach (var receiver in new[] { prompt, stuck, failing, silent, dead })
        {
            for (var i = 0; i < SubscriptionsOfKind; i++)
            {
                var url = receiver.Url($"/{i}");
                watched[url.AbsoluteUri] =
                [
                    .. Enumerable.Range(0, PeopleOfEach).Select(n => people[(i * PeopleOfEach + n) % People]).Order(),
                ];
                await delivery.SubscribeAsync(url, recipient.Wants, watched[url.AbsoluteUri]);
            }
        }
        await dead.DisposeAsync();

        var cancel = TestContext.Current.CancellationToken;
        await Task.WhenAll(people.Select(person => ChangeAsync(delivery, person))).WaitAsync(cancel);
        await EndsRightAsync(delivery, prompt, watched, 0, isHelped: false);

        // What they refused or never answered does not count as told: it comes again.
        var refused = new Dictionary<WebhookReceiver, int>
        {
            [failing] = failing.All.Count,
            [silent] = silent.All.Count,
        };
        open.SetResult();
        failing.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        silent.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        await using var reborn = await WebhookReceiver.StartAsync(port);
        foreach (var receiver in new[] { stuck, failing, silent, reborn })
        {
            var from = refused.GetValueOrDefault(receiver);
            await EndsRightAsync(delivery, receiver, watched, from, isHelped: true);
        }
    }

    private static async Task ChangeAsync(DeliveryUnderTest delivery, Guid person)
    {
        foreach (var (availability, activity) in States)
        {
            await delivery.SetAsync(person, availability, activity);
        }
    }

    /// <summary>Waits until all subscriptions of a receiver have the last states; then checks the order.</summary>
    private async Task EndsRightAsync(
        DeliveryUnderTest delivery,
        WebhookReceiver receiver,
        Dictionary<string, Guid[]> watched,
        int read,
        bool isHelped
    )
    {
        var mine = watched
            .Where(pair => pair.Key.StartsWith(receiver.Url("/").AbsoluteUri, StringComparison.Ordinal))
            .ToDictionary(pair => new Uri(pair.Key).AbsolutePath, pair => pair.Value);
        Assert.Equal(SubscriptionsOfKind, mine.Count);
        var seen = new Dictionary<(string Path, Guid Person), int>();
        var posts = new Dictionary<string, List<(Guid Person, int State)>>(StringComparer.Ordinal);
        for (var round = 0; !IsComplete(); round++)
        {
            if (isHelped)
            {
                Assert.True(round < RoundsMax, $"{seen.Count(IsLast)} of {mine.Count * PeopleOfEach}");
                await delivery.AdvanceAsync(DeliveryLimits.RetryDelayMax);
            }
            else
            {
                await receiver.NextAsync(); // nothing but the receiver itself is waited for
            }
            var all = receiver.All;
            for (; read < all.Count; read++)
            {
                Read(all[read]);
            }
        }

        bool IsComplete() => seen.Count(IsLast) == mine.Count * PeopleOfEach;

        static bool IsLast(KeyValuePair<(string, Guid), int> entry) => entry.Value == States.Length - 1;

        void Read(ReceivedRequest request)
        {
            var path = request.PathAndQuery;
            var told = request.Values().Select(value => (Person: value.PersonId(), State: StateOf(value))).ToList();
            // A POST whose answer was lost comes again as it was.
            if (posts.TryGetValue(path, out var before) && before.SequenceEqual(told))
            {
                return;
            }
            posts[path] = told;
            foreach (var (person, state) in told)
            {
                Assert.Contains(person, mine[path]);
                var latest = seen.GetValueOrDefault((path, person), -1);
                Assert.True(state >= latest, $"{state} came to {path} of {person} after {latest}");
                seen[(path, person)] = state;
            }
        }
    }

    private int StateOf(JsonElement notification)
    {
        var presence = recipient.Open(notification.GetProperty("encryptedContent"));
        var activity = presence.GetProperty("activity").GetString();
        return Array.FindIndex(States, state => state.Activity.ToString() == activity);
    }
}
