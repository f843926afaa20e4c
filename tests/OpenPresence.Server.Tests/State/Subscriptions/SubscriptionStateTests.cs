using OpenPresence.Engine;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Subscriptions;
using static OpenPresence.Server.Tests.State.Subscriptions.SubscriptionsUnderTest;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.State.Subscriptions;

/// <summary>What each change does, and how subscriptions end.</summary>
public sealed class SubscriptionStateTests
{
    private readonly SubscriptionsUnderTest subscriptions = new();

    [Fact]
    public void A_new_one_is_delivered_from_its_own_position_on()
    {
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(Of(Id(1))));
        Assert.True(subscriptions.State.TryGet(Id(1), out var stored));
        Assert.Equal(101, stored.DeliveredTo);
        Assert.Equal("Created", subscriptions.Told);
        Assert.Equal(1, subscriptions.State.CountOf(HomeTenant));
    }

    [Fact]
    public void Every_part_survives_the_journal()
    {
        var wanted = Of(Id(1), Ada, Bob) with
        {
            UserId = Bob,
            Resource = "/communications/presences?$filter=id in ('a')",
            LifecycleNotificationUrl = new Uri("https://receiver.example/life?a=b%20c"),
            ClientState = "secret",
            IncludesResourceData = true,
            EncryptionCertificate = [1, 2, 3],
            EncryptionCertificateId = "key-1",
            NotificationUrlAppId = "other",
            LatestSupportedTlsVersion = "v1_3",
        };
        subscriptions.Create(wanted);
        subscriptions.State.TryGet(Id(1), out var stored);
        Assert.Equivalent(wanted with { DeliveredTo = 101 }, stored, strict: true);
    }

    [Fact]
    public void A_second_one_of_one_owner_is_refused_where_one_is_allowed()
    {
        var first = Of(Id(1)) with { UserId = Ada };
        var otherPerson = Of(Id(3)) with { UserId = Bob };
        var otherApp = Of(Id(4)) with { UserId = Ada, ApplicationId = Id(77) };
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(first, isOnlyOne: true));
        Assert.Equal(
            SubscriptionOutcome.OwnerHasOne,
            subscriptions.Create(first with { Id = Id(2), People = [Bob] }, isOnlyOne: true)
        );
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(otherPerson, isOnlyOne: true));
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(otherApp, isOnlyOne: true));
    }

    [Fact]
    public void The_same_people_at_the_same_address_are_not_watched_twice_by_one_owner()
    {
        subscriptions.Create(Of(Id(1), Ada, Bob));
        Assert.Equal(SubscriptionOutcome.SameExists, subscriptions.Create(Of(Id(2), Ada, Bob)));
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(Of(Id(3), Ada)));
        Assert.Equal(
            SubscriptionOutcome.Done,
            subscriptions.Create(Of(Id(4), Ada, Bob) with { NotificationUrl = new Uri("https://elsewhere.example/") })
        );
        var everyone = Of(Id(5)) with { People = default };
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(everyone));
        Assert.Equal(SubscriptionOutcome.SameExists, subscriptions.Create(everyone with { Id = Id(6) }));
    }

    [Fact]
    public void A_tenant_has_no_more_than_its_quota()
    {
        subscriptions.Create(Of(Id(1), Ada), inTenantMax: 1);
        Assert.Equal(SubscriptionOutcome.QuotaReached, subscriptions.Create(Of(Id(2), Bob), inTenantMax: 1));
        subscriptions.Apply(new SubscriptionDeleted(Id(1)));
        Assert.Equal(SubscriptionOutcome.Done, subscriptions.Create(Of(Id(2), Bob), inTenantMax: 1));
    }

    [Fact]
    public void Nobody_who_is_not_in_the_tenant_is_watched_or_subscribes()
    {
        var stranger = Id(404);
        subscriptions.Board.AddPerson(stranger, Id(9), Person.Minute(0), 3);
        Assert.Equal(SubscriptionOutcome.PersonUnknown, subscriptions.Create(Of(Id(1), Ada, stranger)));
        Assert.Equal(SubscriptionOutcome.PersonUnknown, subscriptions.Create(Of(Id(1)) with { UserId = stranger }));
        Assert.Equal(0, subscriptions.State.Count);
    }

    [Fact]
    public void It_ends_at_the_very_instant_unless_it_was_renewed()
    {
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Create(Of(Id(2), Bob));
        subscriptions.Apply(new SubscriptionUpdated(Id(2), Person.Minute(90), null, Instant.Never));
        Assert.Equal(Person.Minute(60), subscriptions.State.NextDueAt);
        subscriptions.At(59.999);
        Assert.Equal(2, subscriptions.State.Count);
        subscriptions.At(60);
        Assert.False(subscriptions.State.TryGet(Id(1), out _));
        Assert.Equal(Person.Minute(90), subscriptions.State.NextDueAt);
        Assert.Equal("Created Created Updated Expired", subscriptions.Told);
    }

    [Fact]
    public void An_update_changes_what_it_names_and_reauthorises()
    {
        var elsewhere = new Uri("https://elsewhere.example/");
        subscriptions.Create(Of(Id(1)) with { AuthorizedUntil = Person.Minute(5) });
        subscriptions.Apply(new SubscriptionUpdated(Id(1), null, elsewhere, Person.Minute(30)));
        subscriptions.State.TryGet(Id(1), out var moved);
        Assert.Equal(
            (elsewhere, Person.Minute(60), Person.Minute(30)),
            (moved!.NotificationUrl, moved.ExpiresAt, moved.AuthorizedUntil)
        );
        subscriptions.Apply(new SubscriptionReauthorized(Id(1), Person.Minute(50)));
        subscriptions.State.TryGet(Id(1), out var again);
        Assert.Equal(Person.Minute(50), again!.AuthorizedUntil);
    }

    [Fact]
    public void An_update_without_a_certificate_keeps_the_one_there_is_and_one_with_it_replaces_it()
    {
        subscriptions.Create(Of(Id(1)) with { EncryptionCertificate = [1, 2], EncryptionCertificateId = "key-1" });
        var renewed = new SubscriptionUpdated(Id(1), Person.Minute(61), null, Instant.Never);
        subscriptions.Apply(renewed);
        subscriptions.State.TryGet(Id(1), out var same);
        Assert.Equal([1, 2], same!.EncryptionCertificate);
        Assert.Equal("key-1", same.EncryptionCertificateId);

        subscriptions.Apply(renewed with { EncryptionCertificate = [3], EncryptionCertificateId = "key-2" });
        subscriptions.State.TryGet(Id(1), out var other);
        Assert.Equal([3], other!.EncryptionCertificate);
        Assert.Equal("key-2", other.EncryptionCertificateId);
    }

    [Fact]
    public void An_address_that_another_one_of_the_same_people_has_is_refused()
    {
        var elsewhere = new Uri("https://elsewhere.example/");
        subscriptions.Create(Of(Id(1)));
        subscriptions.Create(Of(Id(2)) with { NotificationUrl = elsewhere });
        subscriptions.Create(Of(Id(3), Bob) with { NotificationUrl = elsewhere });
        Assert.Equal(SubscriptionOutcome.SameExists, Move(2, Url));
        Assert.Equal(SubscriptionOutcome.Done, Move(2, elsewhere)); // where it is
        Assert.Equal(SubscriptionOutcome.Done, Move(3, Url)); // other people
        Assert.Equal(SubscriptionOutcome.Gone, Move(4, Url));
        subscriptions.State.TryGet(Id(2), out var still);
        Assert.Equal(elsewhere, still!.NotificationUrl);

        SubscriptionOutcome Move(int number, Uri to) =>
            subscriptions.Apply(new SubscriptionUpdated(Id(number), null, to, Instant.Never));
    }

    [Fact]
    public void What_is_gone_is_gone()
    {
        SubscriptionChange[] changes =
        [
            new SubscriptionDeleted(Id(1)),
            new SubscriptionUpdated(Id(1), null, null, Instant.Never),
            new SubscriptionReauthorized(Id(1), Instant.Never),
        ];
        Assert.All(changes, change => Assert.Equal(SubscriptionOutcome.Gone, subscriptions.Apply(change)));
    }

    [Fact]
    public void Delivery_goes_on_and_never_back_and_passes_over_what_is_gone()
    {
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Create(Of(Id(2), Bob));
        subscriptions.Apply(new SubscriptionsDelivered([new(Id(1), 500), new(Id(404), 600), new(Id(2), 50)]));
        subscriptions.State.TryGet(Id(1), out var ahead);
        subscriptions.State.TryGet(Id(2), out var behind);
        Assert.Equal((500, 102), (ahead!.DeliveredTo, behind!.DeliveredTo));
    }

    [Fact]
    public void A_person_who_is_removed_is_no_longer_watched()
    {
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Create(Of(Id(2), Ada, Bob));
        subscriptions.Create(Of(Id(3)) with { People = default });
        subscriptions.Events.Clear();
        subscriptions.Remove(Ada);
        Assert.Equal("NobodyLeft Narrowed", subscriptions.Told);
        Assert.Equal([3], subscriptions.Matched(Ada));
        Assert.Equal([2, 3], subscriptions.Matched(Bob));
        subscriptions.State.TryGet(Id(2), out var narrowed);
        Assert.Equal([Bob], narrowed!.People);
    }

    [Fact]
    public void The_subscriptions_of_a_person_who_is_removed_or_disabled_end()
    {
        subscriptions.Create(Of(Id(1), Bob) with { UserId = Ada });
        subscriptions.Create(Of(Id(2), Ada) with { UserId = Bob });
        subscriptions.Remove(Ada);
        Assert.Equal(0, subscriptions.State.Count);
        subscriptions.Create(Of(Id(3), Bob) with { UserId = Bob });
        var disabled = new Server.State.Directory.Person(Bob, HomeTenant, "bob@t.example", "Bob")
        {
            AccountEnabled = false,
        };
        subscriptions.Observe(new PersonUpserted(disabled));
        Assert.Equal(0, subscriptions.State.Count);
        Assert.Equal(SubscriptionEventKind.OwnerGone, subscriptions.Events[^1].Kind);
    }

    [Fact]
    public void The_subscriptions_of_an_application_that_is_removed_end_in_every_tenant()
    {
        var (elsewhere, cleo) = (Id(9), Id(99));
        subscriptions.Board.AddPerson(cleo, elsewhere, Person.Minute(0), 3);
        subscriptions.Create(Of(Id(1), Ada));
        subscriptions.Create(Of(Id(2), cleo) with { TenantId = elsewhere });
        subscriptions.Create(Of(Id(3), Ada) with { ApplicationId = Id(77) });
        subscriptions.Observe(new ApplicationRemoved(App));
        Assert.Equal([3], subscriptions.State.All().Select(NumberOf));
    }

    [Fact]
    public void An_owner_sees_its_own_in_pages()
    {
        for (var number = 1; number <= 5; number++)
        {
            subscriptions.Create(
                Of(Id(number), Ada) with
                {
                    UserId = number % 2 == 0 ? Bob : null,
                    ApplicationId = number == 5 ? Id(77) : App,
                    NotificationUrl = new Uri($"https://receiver.example/{number}"),
                }
            );
        }
        Assert.Equal([2, 4], Numbers(new OwnerFilter(App, Bob)));
        Assert.Equal([1, 3], Numbers(new OwnerFilter(App, Guid.Empty)));
        Assert.Equal([1, 3, 2, 4], Numbers(new OwnerFilter(App)));
        Assert.Equal(5, Numbers(default).Length);
        Assert.Equal([3, 2, 4], Numbers(new OwnerFilter(App), new(App, Guid.Empty, Id(1))));
        Assert.Empty(Numbers(new OwnerFilter(Id(404))));

        int[] Numbers(OwnerFilter filter, OwnedKey after = default) =>
            [.. subscriptions.State.Of(HomeTenant, filter, after).Select(NumberOf)];
    }
}
