using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Engine.Tests;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Tests.Journal;
using OpenPresence.Server.Tests.State.Machine;
using Model = OpenPresence.Engine.Tests.Model;
using Person = OpenPresence.Engine.Tests.Person;

namespace OpenPresence.Server.Tests.Replica;

/// <summary>
/// A whole node with its journal on a disk that forgets: several people, several applications and devices,
/// steps of the clock forth and back, snapshots, clean stops and power cuts, all at random, against
/// the plain <see cref="Model"/>. What must hold after every step: readers see what the model shows, sequences
/// only grow, the feed told of each visible difference once and of nothing else, and a restart changes
/// nothing. A failure names its seed. More seeds with SOAK=1.
/// </summary>
public sealed class NodeSimulationTests
{
    private const int People = 5;
    private const int SeedsShort = 30;
    private const int SeedsSoak = 2_000;
    private const int StepsPerSeed = 150;

    [Fact]
    public async Task A_node_shows_what_the_model_shows_whatever_happens_to_it()
    {
        var seeds = Environment.GetEnvironmentVariable("SOAK") is null ? SeedsShort : SeedsSoak;
        var restarts = 0;
        for (var seed = 0; seed < seeds; seed++)
        {
            await using var world = new World(seed);
            await world.BeginAsync();
            for (var step = 0; step < StepsPerSeed; step++)
            {
                await world.StepAsync(step);
            }
            restarts += world.Restarts;
        }
        Assert.True(restarts > seeds, $"{restarts} restarts");
    }

    /// <summary>All that a reader sees of a person; the message with its times, for they are shown too.</summary>
    private sealed record Shown(
        string Pair,
        bool IsOutOfOffice,
        string? OutOfOfficeMessage,
        (string Content, Instant? ExpiresAt, Instant PublishedAt)? StatusMessage,
        string Location
    );

    private sealed class Watched(int number)
    {
        public Guid Id { get; } = new(number + 1, 7, 7, [1, 2, 3, 4, 5, 6, 7, 8]);

        public Model Model { get; } = new();

        public Shown Shown { get; set; } = new("Offline/Offline", false, null, null, "None Unspecified ");

        public (SetStatusMessage Command, Instant At)? Message { get; set; }

        public List<Shown> Expected { get; } = [];

        public long Sequence { get; set; }

        /// <summary>What the model shows; if it differs from before, the feed must tell of it.</summary>
        public void Look(Instant now)
        {
            var message = Model.StatusMessage(now) is null
                ? ((string, Instant?, Instant)?)null
                : (Message!.Value.Command.Content, Message.Value.Command.ExpiresAt, Message.Value.At);
            var shown = new Shown(
                Model.Shows(now),
                Model.IsOutOfOffice(now),
                Model.OutOfOfficeMessage(now),
                message,
                Model.Location(now)
            );
            if (shown != Shown)
            {
                Expected.Add(shown);
                Shown = shown;
            }
        }
    }

    private sealed class World(int seed) : IAsyncDisposable
    {
        private static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");

        private readonly Random random = new(seed);
        private readonly Chance chance = new(seed);
        private readonly ManualClock time = new(Person.Noon.ToDateTimeOffset());
        private readonly Watched[] people = [.. Enumerable.Range(0, People).Select(i => new Watched(i))];
        private readonly Change[] told = new Change[ChangeFeed.ChangesKept];
        private MemoryDisk disk = new();
        private LocalJournal journal = null!;
        private Node node = null!;
        private FeedFollower feed = null!;
        private Instant now = Person.Noon;
        private string doing = "";

        public int Restarts { get; private set; }

        public async Task BeginAsync()
        {
            await StartAsync();
            await node.ExecuteAsync(new TenantUpserted(new Tenant(Tenant, "T", ["t.example"])));
            foreach (var person in people)
            {
                await node.ExecuteAsync(new PersonKnown(person.Id, Tenant));
            }
            feed = node.State.Board.Feed.Follow();
        }

        public async Task StepAsync(int step)
        {
            doing = $"seed {seed}, step {step}";
            switch (random.Next(20))
            {
                case < 11:
                    await CommandAsync(people[random.Next(People)]);
                    break;
                case < 15:
                    time.Advance(TimeSpan.FromMinutes(random.Next(1, 12)));
                    break;
                case < 17:
                    await node.TickIfDueAsync();
                    break;
                case 17:
                    await MoveClockAsync();
                    break;
                case 18:
                    await node.SnapshotAsync(TestContext.Current.CancellationToken);
                    break;
                default:
                    await RestartAsync();
                    break;
            }
            CrossTo(node.State.Board.Now);
            AssertAllSame();
        }

        private async Task CommandAsync(Watched person)
        {
            // Stamped with the clock, but never before the entry before it.
            var at = node.State.Clock.Now > now ? node.State.Clock.Now : now;
            var command = chance.Command(at);
            doing += $": {command}";
            var isMissing = command switch
            {
                ClearPresence clear => !person.Model.HasSession(at, false, clear.ApplicationId),
                RemoveDevice remove => !person.Model.HasSession(at, true, remove.DeviceId),
                _ => false,
            };
            var result = await node.ExecuteAsync(person.Id, command);
            Assert.True(node.State.Board.Now == at, $"{doing}: stamped {node.State.Board.Now}");
            var expected = isMissing ? Outcome.SessionNotFound : Outcome.Done;
            Assert.True(expected == result.Presence, $"{doing}: {result.Presence}");
            CrossTo(at);
            person.Model.Add(at, command);
            person.Message = command is SetStatusMessage set ? (set, at) : person.Message;
            person.Look(at);
        }

        private async Task MoveClockAsync()
        {
            var offset = TimeSpan.FromMinutes(random.Next(-30, 60));
            var frozen = random.Next(3) == 0 ? node.State.Clock.Now + offset : (Instant?)null;
            doing += $": clock {offset} {frozen}";
            await node.AppendAsync(EntryPayload.Of(new NodeClock.Setting(offset, frozen)));
        }

        private async Task RestartAsync()
        {
            Restarts++;
            if (random.Next(2) == 0)
            {
                doing += ": power cut";
                var left = disk.AfterPowerCut((Leftovers)random.Next(3), random);
                await StopAsync();
                disk = left;
            }
            else
            {
                doing += ": restart";
                await StopAsync();
            }
            var before = StateBytes.Of(node.State);
            await StartAsync();
            if (random.Next(3) > 0)
            {
                // One cut at a time: the start may have begun a snapshot, and this waits for it.
                await node.SnapshotAsync(TestContext.Current.CancellationToken);
                Assert.True(before.AsSpan().SequenceEqual(StateBytes.Of(node.State)), $"{doing}: another state");
            }
        }

        /// <summary>Passes every minute on the way, for all deadlines lie on whole minutes.</summary>
        private void CrossTo(Instant until)
        {
            Assert.True(until >= now, $"{doing}: time went back");
            while (now < until)
            {
                now += TimeSpan.FromMinutes(1);
                Array.ForEach(people, person => person.Look(now));
            }
        }

        private void AssertAllSame()
        {
            var count = feed.Read(told, out var fellBehind);
            Assert.False(fellBehind);
            foreach (var person in people)
            {
                Change[] changes = [.. told[..count].Where(c => c.PersonId == person.Id)];
                Assert.True(
                    changes.Length == person.Expected.Count,
                    $"{doing}: {changes.Length} changes told, {person.Expected.Count} expected"
                );
                foreach (var (change, expected) in changes.Zip(person.Expected))
                {
                    Assert.True(expected.Pair == change.After.ToString(), $"{doing}: {change}");
                    Assert.True(change.Sequence > person.Sequence, $"{doing}: {change}");
                    person.Sequence = change.Sequence;
                }
                person.Expected.Clear();
                AssertSame(person);
            }
        }

        private void AssertSame(Watched person)
        {
            var board = node.State.Board;
            Assert.True(board.Tenants.TryGet(Tenant, out var tenant));
            Assert.True(board.TryRead(tenant, person.Id, out var view));
            Assert.True(
                person.Sequence == 0 || view.Entry.Sequence == person.Sequence,
                $"{doing}: sequence {view.Entry.Sequence}, told {person.Sequence}"
            );
            var presence = view.Side?.Presence;
            var place = presence?.WorkLocation ?? WorkLocation.None;
            var message = presence?.StatusMessage;
            var shown = new Shown(
                PairNumbers.Pair(view.Entry.Pair).ToString(),
                view.Entry.IsOutOfOffice,
                presence?.OutOfOfficeMessage,
                message is null ? null : (message.Content, message.ExpiresAt, message.PublishedAt),
                $"{place.Source} {place.Type} {place.PlaceId}"
            );
            Assert.True(shown == person.Shown, $"{doing}: {person.Shown} expected, {shown} shown");
        }

        private async Task StartAsync()
        {
            var clock = new NodeClock(time);
            journal = JournalSteps.Open(
                disk,
                JournalSteps.Small with
                {
                    CommandIdsKept = 10,
                    ClockLeadMax = TimeSpan.MaxValue,
                },
                time,
                () => clock.Now
            );
            node = await Node.StartAsync(
                journal,
                clock,
                new NodeSettings
                {
                    SnapshotEveryEntries = 20 + random.Next(60),
                    SnapshotAtStopEntries = 1 + random.Next(40),
                },
                NullLogger.Instance,
                TestContext.Current.CancellationToken
            );
            feed = node.State.Board.Feed.Follow();
        }

        private async Task StopAsync()
        {
            await node.DisposeAsync();
            await journal.DisposeAsync();
        }

        public async ValueTask DisposeAsync() => await StopAsync();
    }
}
