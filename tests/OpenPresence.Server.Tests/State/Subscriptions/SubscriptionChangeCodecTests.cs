using OpenPresence.Engine.Tests;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.State.Machine;
using static OpenPresence.Server.Tests.State.Subscriptions.SubscriptionsUnderTest;

namespace OpenPresence.Server.Tests.State.Subscriptions;

/// <summary>Changes of subscriptions as bytes of the journal.</summary>
public sealed class SubscriptionChangeCodecTests
{
    private static readonly SubscriptionChange[] OneOfEach =
    [
        new SubscriptionCreated(
            Of(Id(1), Ada, Bob) with
            {
                UserId = Bob,
                LifecycleNotificationUrl = new Uri("https://receiver.example/life"),
                ClientState = "secret",
                IncludesResourceData = true,
                EncryptionCertificate = [1, 2, 3],
                EncryptionCertificateId = "key-1",
                NotificationUrlAppId = "other",
            },
            InTenantMax: 300,
            IsOnlyOne: true
        ),
        new SubscriptionUpdated(Id(1), Person.Minute(1), Url, Person.Minute(2)),
        new SubscriptionReauthorized(Id(1), Person.Minute(2)),
        new SubscriptionDeleted(Id(1)),
        new SubscriptionsDelivered([new(Id(1), 7), new(Id(2), 8)]),
    ];

    public static TheoryData<string> Names => [.. OneOfEach.Select(one => one.GetType().Name)];

    [Fact]
    public void Every_change_has_bytes() =>
        Assert.Equal(
            typeof(SubscriptionChange)
                .Assembly.GetTypes()
                .Where(type => type.IsSubclassOf(typeof(SubscriptionChange)))
                .Select(type => type.Name)
                .Order(StringComparer.Ordinal),
            Names.Select(row => row.Data).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_damaged_is_refused_or_taken_as_it_is(string name)
    {
        var change = OneOfEach.Single(each => each.GetType().Name == name);
        EveryDamage.IsRefusedOrTakenAsItIs(Bytes(change), bytes => Bytes(SubscriptionChangeCodec.Read(bytes)));
    }

    [Fact]
    public void An_update_has_the_bytes_of_older_programs_unless_it_brings_a_certificate()
    {
        const byte Updated = 2;
        var plain = new SubscriptionUpdated(Id(1), Person.Minute(1), Url, Person.Minute(2));
        Assert.Equal(Updated, Bytes(plain)[0]);

        var rekeyed = plain with { EncryptionCertificate = [1, 2, 3], EncryptionCertificateId = "key-2" };
        Assert.NotEqual(Updated, Bytes(rekeyed)[0]);
        var read = Assert.IsType<SubscriptionUpdated>(SubscriptionChangeCodec.Read(Bytes(rekeyed)));
        Assert.Equal(rekeyed.EncryptionCertificate, read.EncryptionCertificate);
        Assert.Equal(
            (rekeyed.Id, rekeyed.ExpiresAt, rekeyed.NotificationUrl, rekeyed.AuthorizedUntil, "key-2"),
            (read.Id, read.ExpiresAt, read.NotificationUrl, read.AuthorizedUntil, read.EncryptionCertificateId)
        );
        EveryDamage.IsRefusedOrTakenAsItIs(Bytes(rekeyed), bytes => Bytes(SubscriptionChangeCodec.Read(bytes)));
    }

    [Fact]
    public void More_positions_than_an_entry_holds_are_refused() =>
        Assert.Throws<ArgumentException>(() =>
            Bytes(
                new SubscriptionsDelivered([
                    .. Enumerable
                        .Range(0, SubscriptionsDelivered.PositionsMax + 1)
                        .Select(number => new DeliveredPosition(Id(number), number)),
                ])
            )
        );
}
