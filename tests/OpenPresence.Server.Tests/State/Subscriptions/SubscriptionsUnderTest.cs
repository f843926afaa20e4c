using OpenPresence.Engine;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.State.Presences;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.State.Subscriptions;

/// <summary>The subscriptions of a board with Ada and Bob, told change by change; minutes count from noon.</summary>
internal sealed class SubscriptionsUnderTest
{
    public const int Plenty = 1_000_000;

    public static readonly Guid HomeTenant = BoardUnderTest.Tenant;
    public static readonly Guid Ada = BoardUnderTest.Ada;
    public static readonly Guid Bob = BoardUnderTest.Bob;
    public static readonly Guid App = new("0a000000-0000-0000-0000-000000000001");
    public static readonly Uri Url = new("https://receiver.example/hook");

    private long position = 100;

    public SubscriptionsUnderTest()
    {
        Board = new PresenceBoard(Rules.NewestVersion);
        Board.AddPerson(Ada, HomeTenant, Person.Minute(0), 1);
        Board.AddPerson(Bob, HomeTenant, Person.Minute(0), 2);
        State = new SubscriptionState(Board) { Changed = Events.Add };
    }

    public PresenceBoard Board { get; }

    public SubscriptionState State { get; }

    public List<SubscriptionEvent> Events { get; } = [];

    public string Told => string.Join(' ', Events.Select(told => told.Kind));

    /// <summary>The application's own, of Ada, for an hour from noon.</summary>
    public static Subscription Of(Guid id, params Guid[] people) =>
        new()
        {
            Id = id,
            TenantId = HomeTenant,
            ApplicationId = App,
            UserId = null,
            Resource = "communications/presences",
            People = people is [] ? [Ada] : [.. people],
            NotificationUrl = Url,
            ExpiresAt = Person.Minute(60),
            AuthorizedUntil = Instant.Never,
            DeliveredTo = 0,
        };

    public static Guid Id(int number) => new(number, 0, 0, [5, 5, 5, 5, 5, 5, 5, 5]);

    public SubscriptionOutcome Create(Subscription wanted, int inTenantMax = Plenty, bool isOnlyOne = false) =>
        Apply(new SubscriptionCreated(wanted, inTenantMax, isOnlyOne));

    public SubscriptionOutcome Apply(SubscriptionChange change) =>
        State.Apply(
            SubscriptionChangeCodec.Read(Bytes(change)), // as it comes back from the journal
            ++position
        );

    public void At(double minute) => State.Advance(Person.Minute(minute), ++position);

    public void Remove(Guid person)
    {
        Board.RemovePerson(person, Person.Minute(0), ++position);
        State.Observe(new PersonRemoved(person), position);
    }

    public void Observe(DirectoryChange change) => State.Observe(change, ++position);

    /// <summary>The numbers of the subscriptions that are to be told of somebody.</summary>
    public int[] Matched(Guid person, Guid? tenant = null)
    {
        var matched = new List<Subscription>();
        State.Index.Match(Board.Tenants.GetOrAdd(tenant ?? HomeTenant), person, matched);
        return [.. matched.Select(NumberOf).Order()];
    }

    public static int NumberOf(Subscription subscription) => BitConverter.ToInt32(subscription.Id.ToByteArray());

    public static byte[] Bytes(SubscriptionChange change)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        SubscriptionChangeCodec.Write(buffer, change);
        return buffer.WrittenSpan.ToArray();
    }
}
