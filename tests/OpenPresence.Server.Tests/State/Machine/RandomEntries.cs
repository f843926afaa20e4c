using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Subscriptions;
using OpenPresence.Server.Tests.State.Subscriptions;

namespace OpenPresence.Server.Tests.State.Machine;

/// <summary>
/// Entries of all kinds from a seed: forty people who come and go, a few applications, and time that mostly
/// creeps and sometimes leaps.
/// </summary>
internal static class RandomEntries
{
    public const int Count = 2_000;

    public const int People = 40;

    public static readonly Guid TenantId = new("7e000000-0000-0000-0000-000000000001");

    public static Instant Start => Instant.From(new(2026, 8, 27, 12, 0, 0, TimeSpan.Zero));

    public static Guid Person(int number) => new(number + 1, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]);

    public static List<Entry> Of(int seed)
    {
        var random = new Random(seed);
        var entries = new List<Entry>();
        var at = Start;
        Add(EntryPayload.Of(new TenantUpserted(new Tenant(TenantId, "T", ["t.example"]))));
        while (entries.Count < Count)
        {
            at += TimeSpan.FromSeconds(random.Next(10) == 0 ? random.Next(3_000) : random.Next(20));
            Add(RandomPayload(random, at));
        }
        return entries;

        void Add(byte[] payload) =>
            entries.Add(new Entry(entries.Count + 1, at, new Guid(entries.Count, 0, 0, new byte[8]), payload));
    }

    private static byte[] RandomPayload(Random random, Instant at)
    {
        var person = Person(random.Next(People));
        var app = Person(900 + random.Next(3));
        return random.Next(18) switch
        {
            0 => EntryPayload.Of(new PersonKnown(person, TenantId)),
            1 when random.Next(4) == 0 => EntryPayload.Of(new PersonRemoved(person)),
            2 => EntryPayload.Tick.ToArray(),
            3 => EntryPayload.Of(person, new Engine.ClearPresence(app)),
            4 => EntryPayload.Of(
                person,
                new Engine.SetUserPreferredPresence(
                    new(Availability.Away, Activity.Away),
                    TimeSpan.FromMinutes(random.Next(1, 600))
                )
            ),
            5 => EntryPayload.Of(person, new Engine.ClearUserPreferredPresence()),
            6 => EntryPayload.Of(
                person,
                new Engine.SetStatusMessage($"m{random.Next(9)}", at + TimeSpan.FromMinutes(9))
            ),
            7 => EntryPayload.Of(
                person,
                new ReportDevice(
                    app,
                    new(Availability.DoNotDisturb, Activity.Presenting),
                    TimeSpan.FromMinutes(random.Next(1, 60))
                )
            ),
            8 => EntryPayload.Of(
                person,
                new Engine.SetManualLocation(WorkLocationType.Remote, null, at + TimeSpan.FromHours(random.Next(1, 9)))
            ),
            9 => EntryPayload.Of(
                person,
                new Engine.SetCalendar([
                    new CalendarSpan(
                        CalendarSpanKind.Meeting,
                        at + TimeSpan.FromMinutes(random.Next(60)),
                        at + TimeSpan.FromMinutes(60 + random.Next(60))
                    ),
                ])
            ),
            10 => EntryPayload.Of(
                person,
                new Engine.SetAutomaticReplies(random.Next(2) == 0 ? null : new AutomaticReplies(null, null, "away"))
            ),
            11 or 12 or 13 or 14 => EntryPayload.Of(RandomSubscriptionChange(random, at)),
            _ => EntryPayload.Of(
                person,
                new Engine.SetPresence(
                    app,
                    random.Next(2) == 0
                        ? new(Availability.Available, Activity.Available)
                        : new(Availability.Busy, Activity.InACall),
                    TimeSpan.FromMinutes(random.Next(5, 240))
                )
            ),
        };
    }

    private static SubscriptionChange RandomSubscriptionChange(Random random, Instant at)
    {
        var id = Person(2_000 + random.Next(12));
        var ends = at + TimeSpan.FromMinutes(random.Next(1, 60));
        return random.Next(10) switch
        {
            0 => new SubscriptionDeleted(id),
            1 => new SubscriptionUpdated(id, ends, null, ends)
            {
                EncryptionCertificate = [1, (byte)random.Next(256)],
                EncryptionCertificateId = $"key-{random.Next(4)}",
            },
            2 => new SubscriptionUpdated(id, null, new Uri("https://b.example/"), ends),
            3 => new SubscriptionReauthorized(id, ends),
            4 => new SubscriptionsDelivered([new(id, random.Next(Count))]),
            _ => new SubscriptionCreated(
                SubscriptionsUnderTest.Of(id) with
                {
                    TenantId = TenantId,
                    People = random.Next(4) == 0 ? default : RandomPeople(random),
                    UserId = random.Next(2) == 0 ? Person(random.Next(People)) : null,
                    ExpiresAt = ends,
                },
                InTenantMax: 8,
                IsOnlyOne: random.Next(3) == 0
            ),
        };
    }

    private static ImmutableArray<Guid> RandomPeople(Random random)
    {
        var first = random.Next(People - 2);
        return [.. Enumerable.Range(first, random.Next(1, 3)).Select(Person)];
    }
}
