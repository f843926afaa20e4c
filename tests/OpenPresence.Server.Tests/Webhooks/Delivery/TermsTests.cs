using System.Net;
using OpenPresence.Engine;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Webhooks.Delivery;
using static OpenPresence.Server.Tests.Webhooks.Delivery.TwoDeliverers;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.Webhooks.Delivery;

/// <summary>
/// Partitions that are gained, handed over and lost: nothing that a receiver is to know is lost, nothing is told twice without
/// need, and nobody is told by two at once who know of each other.
/// </summary>
public sealed class TermsTests
{
    private static readonly int[] All = [.. Enumerable.Range(0, Partitions.Count)];
    private static readonly PresencePair InACall = Person.Pair("Busy/InACall");
    private static readonly PresencePair Away = Person.Pair("Away/Away");

    [Fact]
    public async Task What_nobody_delivered_is_told_by_who_gains_the_partition()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        await both.SubscribeAsync(receiver.Url(), null, Ada, Bob);
        await both.SetAsync(Ada, InACall);
        await both.First.SettledAsync();
        Assert.Empty(receiver.All);

        both.Second.Duties.Gain(All);
        await both.Second.SettledAsync();

        Assert.Equal([Ada], PeopleTold(receiver));
    }

    [Fact]
    public async Task Each_delivers_its_own_partitions_alone()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        both.First.Duties.Gain([.. All.Where(partition => partition % 2 == 0)]);
        both.Second.Duties.Gain([.. All.Where(partition => partition % 2 == 1)]);
        for (var i = 0; i < 20; i++)
        {
            await both.SubscribeAsync(receiver.Url($"/{i}"), null, Ada);
        }
        await both.SetAsync(Ada, InACall);
        await SettledAsync(both);

        Assert.Equal(
            Enumerable.Range(0, 20).Select(i => $"/{i}").Order(StringComparer.Ordinal),
            receiver.All.Select(request => request.PathAndQuery).Order(StringComparer.Ordinal)
        );
    }

    [Fact]
    public async Task A_gain_waits_until_all_is_applied_that_the_journal_held()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        await both.SubscribeAsync(receiver.Url(), null, Ada, Bob);
        await both.SetAsync(Ada, InACall);
        var ahead = both.Node.State.Position + 1;
        both.Journal.Newest = () => Task.FromResult(ahead);

        both.First.Duties.Gain(All);
        var settled = both.First.SettledAsync();
        // The other one looks through everything meanwhile, so this one had time to be wrong.
        await both.Second.SettledAsync();
        Assert.Empty(receiver.All);
        Assert.False(settled.IsCompleted);
        await both.SetAsync(Bob, InACall);
        await settled;

        Assert.Equal([Ada, Bob], PeopleTold(receiver).Order());
    }

    [Fact]
    public async Task A_hand_over_waits_for_the_answer_under_way_and_then_nothing_is_told_again()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        var answer = new TaskCompletionSource();
        receiver.Notification = _ => answer.Task;
        both.First.Duties.Gain(All);
        var subscription = await both.SubscribeAsync(receiver.Url(), null, Ada, Bob);
        await both.SetAsync(Ada, InACall);
        await receiver.NextAsync();
        var timers = both.Clock.ArmedTimers;

        var handedOver = both.First.Duties.HandOverAsync(All);
        // What is offered before the hand-over begins waits behind the POST, and both would be told again.
        await Eventually.IsSoAsync(() => both.Clock.ArmedTimers > timers);
        await both.SetAsync(Bob, Away);
        Assert.False(handedOver.IsCompleted);
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        answer.SetResult();
        await handedOver;
        Assert.True(both.DeliveredTo(subscription) > 0);
        both.Second.Duties.Gain(All);
        await SettledAsync(both);

        Assert.Equal([Ada, Bob], PeopleTold(receiver));
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_holds_a_hand_over_up_for_the_grace_alone()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        receiver.Notification = WebhookReceiver.Never;
        both.First.Duties.Gain(All);
        await both.SubscribeAsync(receiver.Url(), null, Ada);
        await both.SetAsync(Ada, InACall);
        await receiver.NextAsync();
        var timers = both.Clock.ArmedTimers;

        var handedOver = both.First.Duties.HandOverAsync(All);
        await Eventually.IsSoAsync(() => both.Clock.ArmedTimers > timers);
        both.Clock.Advance(DeliveryLimits.HandOverGrace);
        await handedOver;
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        both.Second.Duties.Gain(All);
        await both.Second.SettledAsync();

        Assert.Equal([Ada, Ada], PeopleTold(receiver));
    }

    [Fact]
    public async Task A_loss_cuts_off_what_is_under_way_and_the_next_one_tells_it()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        var isCutOff = new TaskCompletionSource();
        receiver.Notification = async http =>
        {
            await WebhookReceiver.Never(http);
            isCutOff.SetResult();
        };
        both.First.Duties.Gain(All);
        await both.SubscribeAsync(receiver.Url(), null, Ada);
        await both.SetAsync(Ada, InACall);
        await receiver.NextAsync();

        both.First.Duties.Lose(All);
        await isCutOff.Task;
        receiver.Notification = WebhookReceiver.Answer(HttpStatusCode.Accepted);
        both.Second.Duties.Gain(All);
        await both.Second.SettledAsync();

        Assert.Equal([Ada, Ada], PeopleTold(receiver));
    }

    [Fact]
    public async Task A_partition_that_came_back_between_two_looks_goes_on_from_what_the_journal_knows()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        both.First.Duties.Gain(All);
        await both.SubscribeAsync(receiver.Url(), null, Ada);
        await both.SetAsync(Ada, InACall);
        await both.First.SettledAsync();

        both.First.Duties.LoseAndGain(All);
        await both.First.SettledAsync();

        // The position was not in the journal yet, so it is told twice: better than never.
        Assert.Equal([Ada, Ada], PeopleTold(receiver));
    }

    [Fact]
    public async Task Nothing_is_told_while_the_duties_may_be_anothers_and_then_nothing_is_left_out()
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        both.First.Duties.Gain(All);
        await both.SubscribeAsync(receiver.Url(), null, Ada);
        await both.First.SettledAsync();

        both.First.Duties.IsSure = false;
        await both.SetAsync(Ada, InACall);
        await both.First.SettledAsync();
        Assert.Empty(receiver.All);

        both.First.Duties.IsSure = true;
        both.First.Duties.Changed!();
        await both.First.SettledAsync();
        Assert.Equal([Ada], PeopleTold(receiver));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Every_receiver_ends_with_the_present_state_however_partitions_move(int seed)
    {
        await using var receiver = await WebhookReceiver.StartAsync();
        await using var both = await TwoDeliverers.StartAsync();
        var recipient = new Recipient();
        PresencePair[] pairs = [InACall, Away, Person.Pair("Busy/Busy")];
        List<Subscription> subscriptions = [];
        for (var i = 0; i < 4; i++)
        {
            subscriptions.Add(await both.SubscribeAsync(receiver.Url($"/{i}"), recipient.Wants, Ada, Bob));
        }
        var random = new Random(seed);
        var holder = both.First;
        holder.Duties.Gain(All);
        for (var step = 0; step < 40; step++)
        {
            await both.SetAsync(random.Next(2) == 0 ? Ada : Bob, pairs[random.Next(3)]);
            if (random.Next(4) == 0)
            {
                if (random.Next(2) == 0)
                {
                    await holder.Duties.HandOverAsync(All);
                }
                else
                {
                    holder.Duties.Lose(All);
                }
                holder = random.Next(2) == 0 ? both.First : both.Second;
                holder.Duties.Gain(All);
            }
        }
        await SettledAsync(both);

        foreach (var i in Enumerable.Range(0, 4))
        {
            var told = Told(receiver, recipient, $"/{i}");
            Assert.Equal($"seed {seed}: {Shown(both, Ada)}", $"seed {seed}: {told[Ada]}");
            Assert.Equal($"seed {seed}: {Shown(both, Bob)}", $"seed {seed}: {told[Bob]}");
        }
    }

    private static async Task SettledAsync(TwoDeliverers both)
    {
        await both.First.SettledAsync();
        await both.Second.SettledAsync();
    }

    private static List<Guid> PeopleTold(WebhookReceiver receiver) =>
        [.. receiver.All.SelectMany(request => request.Values()).Select(value => value.PersonId())];

    /// <summary>The state of each person that an address was told last.</summary>
    private static Dictionary<Guid, string> Told(WebhookReceiver receiver, Recipient recipient, string path)
    {
        Dictionary<Guid, string> last = [];
        foreach (
            var value in receiver
                .All.Where(request => request.PathAndQuery == path)
                .SelectMany(request => request.Values())
        )
        {
            var presence = recipient.Open(value.GetProperty("encryptedContent"));
            last[value.PersonId()] = $"{presence.GetProperty("availability")}/{presence.GetProperty("activity")}";
        }
        return last;
    }

    private static string Shown(TwoDeliverers both, Guid person)
    {
        Assert.True(both.Node.State.Board.Tenants.TryGet(Tenant, out var tenant));
        Assert.True(both.Node.State.Board.TryRead(tenant, person, out var view));
        return OpenPresence.Server.State.Presences.PairNumbers.Pair(view.Entry.Pair).ToString();
    }
}
