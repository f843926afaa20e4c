using System.Diagnostics;
using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Bench.Subscriptions;

/// <summary>
/// What it costs to find out who is told of a change, with 1, 1,000 and 100,000 subscriptions in the tenant, of
/// which one watches the person: in turns, with everything at hand in the caches, and after something else has
/// emptied them, which is how a change comes along in a server. And what a subscription takes in memory.
/// </summary>
public static class MatchBench
{
    private const int PeopleCount = 100_000;
    private const int Turns = 9;
    private const int WarmMatches = 200_000;
    private const int ColdMatches = 150;
    private const int EvictedBytes = 64 * 1024 * 1024;
    private const int LongLists = 1_000;

    private static readonly int[] Counts = [1, 1_000, PeopleCount];
    private static readonly Guid TenantId = new(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11);

    public static Task<IReadOnlyList<BenchResult>> RunAsync(CancellationToken cancel)
    {
        var states = Array.ConvertAll(Counts, count => Filled(count, 1));
        var evictor = new byte[EvictedBytes];
        var warm = Counts.Select(_ => new List<double>()).ToArray();
        var cold = Counts.Select(_ => new List<double>()).ToArray();
        for (var turn = 0; turn <= Turns; turn++)
        {
            for (var i = 0; i < Counts.Length; i++)
            {
                cancel.ThrowIfCancellationRequested();
                var (hot, chilled) = (Warm(states[i]), Cold(states[i], evictor));
                if (turn > 0) // the first one is for the compiler
                {
                    warm[i].Add(hot);
                    cold[i].Add(chilled);
                }
            }
        }
        List<BenchResult> results =
        [
            .. Counts.Select((count, i) => Result($"match-{count}", warm[i], warm[0])),
            .. Counts.Select((count, i) => Result($"match-{count}-cold", cold[i], cold[0])),
            Memory("subscription-bytes", PeopleCount, 1),
            Memory("subscription-650-bytes", LongLists, 650),
        ];
        return Task.FromResult<IReadOnlyList<BenchResult>>(results);
    }

    private static BenchResult Result(string name, List<double> nanoseconds, List<double> one) =>
        new(
            name,
            Median.Of(nanoseconds),
            "ns",
            Median.Of(nanoseconds.Zip(one, (many, single) => many / single)),
            "one subscription"
        );

    private static double Warm(SubscriptionState state)
    {
        var matched = new List<Subscription>();
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < WarmMatches; i++)
        {
            matched.Clear();
            state.Index.Match(0, BenchIds.Person(0), matched);
        }
        return Nanoseconds(began, WarmMatches, matched);
    }

    private static double Cold(SubscriptionState state, byte[] evictor)
    {
        const int CacheLine = 64;
        var matched = new List<Subscription>();
        var samples = new double[ColdMatches];
        for (var i = 0; i < ColdMatches; i++)
        {
            for (var at = 0; at < evictor.Length; at += CacheLine)
            {
                evictor[at]++;
            }
            matched.Clear();
            var began = Stopwatch.GetTimestamp();
            state.Index.Match(0, BenchIds.Person(0), matched);
            samples[i] = Nanoseconds(began, 1, matched);
        }
        return Median.Of(samples);
    }

    private static double Nanoseconds(long began, int matches, List<Subscription> matched) =>
        matched.Count == 1
            ? Stopwatch.GetElapsedTime(began).TotalNanoseconds / matches
            : throw new InvalidOperationException($"{matched.Count} subscriptions matched.");

    private static BenchResult Memory(string name, int count, int people)
    {
        Filled(count, people); // so that what is made once is made
        var state = Board();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        Fill(state, count, people);
        var used = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(state);
        return new(name, (double)used / count, "B", null, null);
    }

    private static SubscriptionState Filled(int count, int people)
    {
        var state = Board();
        Fill(state, count, people);
        return state;
    }

    private static SubscriptionState Board()
    {
        var board = new PresenceBoard(Rules.NewestVersion);
        for (var person = 0; person < PeopleCount; person++)
        {
            board.AddPerson(BenchIds.Person(person), TenantId, default, person + 1);
        }
        return new SubscriptionState(board);
    }

    /// <summary>As they come back from the journal; each of them watches people of its own.</summary>
    private static void Fill(SubscriptionState state, int count, int people)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        for (var number = 0; number < count; number++)
        {
            buffer.ResetWrittenCount();
            SubscriptionChangeCodec.Write(
                buffer,
                new SubscriptionCreated(Of(number, people), int.MaxValue, IsOnlyOne: false)
            );
            var outcome = state.Apply(SubscriptionChangeCodec.Read(buffer.WrittenSpan), PeopleCount + number);
            if (outcome != SubscriptionOutcome.Done)
            {
                throw new InvalidOperationException($"{outcome}");
            }
        }
    }

    private static Subscription Of(int number, int people)
    {
        var first = number * people % (PeopleCount - people + 1);
        var watched = Enumerable.Range(first, people).Select(BenchIds.Person).Order().ToArray();
        return new Subscription
        {
            Id = Guid.NewGuid(),
            TenantId = TenantId,
            ApplicationId = TenantId,
            UserId = BenchIds.Person(number % PeopleCount),
            Resource =
                people == 1
                    ? $"communications/presences/{watched[0]}"
                    : "/communications/presences?$filter=id in ("
                        + $"{string.Join(',', watched.Select(id => $"'{id}'"))})",
            People = [.. watched],
            NotificationUrl = new Uri($"https://receiver-{number % 100}.example/hook/{number}"),
            ClientState = $"state of {number}",
            ExpiresAt = new Instant(number),
            AuthorizedUntil = Instant.Never,
            DeliveredTo = 0,
        };
    }
}
