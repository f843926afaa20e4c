using OpenPresence.Engine.Tests;
using OpenPresence.Server.State.Subscriptions;
using static OpenPresence.Server.Tests.State.Subscriptions.SubscriptionsUnderTest;

namespace OpenPresence.Server.Tests.State.Subscriptions;

/// <summary>Who is told of whom.</summary>
public sealed class SubscriptionIndexTests
{
    private readonly SubscriptionsUnderTest subscriptions = new();

    [Fact]
    public void A_person_is_matched_by_those_that_name_the_person_and_those_of_everyone()
    {
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Create(Of(Id(2), Ada, Bob));
        subscriptions.Create(Of(Id(3)) with { People = default });
        Assert.Equal([1, 2, 3], subscriptions.Matched(Ada));
        Assert.Equal([2, 3], subscriptions.Matched(Bob));
    }

    [Fact]
    public void Nobody_of_another_tenant_is_matched()
    {
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Create(Of(Id(2)) with { People = default });
        Assert.Empty(subscriptions.Matched(Ada, tenant: Id(9)));
    }

    [Fact]
    public void What_has_ended_is_not_matched_though_its_row_is_used_again()
    {
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Apply(new SubscriptionDeleted(Id(1)));
        subscriptions.Create(Of(Id(2), Bob));
        Assert.Empty(subscriptions.Matched(Ada));
        Assert.Equal([2], subscriptions.Matched(Bob));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void It_agrees_with_asking_every_subscription(int seed)
    {
        const int Steps = 3_000;
        var random = new Random(seed);
        var people = Enumerable.Range(50, 20).Select(Id).ToArray();
        foreach (var person in people)
        {
            subscriptions.Board.AddPerson(person, HomeTenant, Person.Minute(0), 3);
        }
        for (var step = 0; step < Steps; step++)
        {
            var id = Id(1 + random.Next(200));
            if (random.Next(3) == 0)
            {
                subscriptions.Apply(new SubscriptionDeleted(id));
            }
            else
            {
                random.Shuffle(people);
                var watched = people[..random.Next(1, 8)].Order().ToArray();
                subscriptions.Create(
                    Of(id, watched) with
                    {
                        People = random.Next(20) == 0 ? default : [.. watched],
                        NotificationUrl = new Uri($"https://receiver.example/{step}"),
                    }
                );
            }
            var asked = people[random.Next(people.Length)];
            Assert.Equal(Slowly(asked), subscriptions.Matched(asked));
        }
        Assert.NotEqual(0, subscriptions.State.Count);

        int[] Slowly(Guid person) =>
            [
                .. subscriptions
                    .State.All()
                    .Where(each => each.WatchesEveryone || each.People.Contains(person))
                    .Select(NumberOf)
                    .Order(),
            ];
    }

    [Fact]
    public async Task Readers_never_meet_anothers_subscription_while_rows_are_used_again()
    {
        const int Rounds = 20_000;
        using var done = new CancellationTokenSource();
        var isReading = new TaskCompletionSource();
        subscriptions.Board.Tenants.TryGet(HomeTenant, out var tenant);
        var reader = Task.Run(
            () =>
            {
                var matched = new List<Subscription>();
                while (!done.IsCancellationRequested)
                {
                    matched.Clear();
                    subscriptions.State.Index.Match(tenant, Ada, matched);
                    Assert.All(matched, match => Assert.Equal([Ada], match.People));
                    isReading.TrySetResult();
                }
            },
            TestContext.Current.CancellationToken
        );
        await isReading.Task;
        for (var round = 0; round < Rounds; round++)
        {
            subscriptions.Create(Of(Id(1), round % 2 == 0 ? Ada : Bob));
            subscriptions.Apply(new SubscriptionDeleted(Id(1)));
        }
        await done.CancelAsync();
        await reader;
    }
}
