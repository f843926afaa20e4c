using System.Buffers;
using System.IO.Pipelines;
using System.Net.ServerSentEvents;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Engine.Tests;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph.Presences;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Streaming;

namespace OpenPresence.Server.Tests.Streaming;

/// <summary>A board that is told entry by entry, and streams over pipes that a test reads when it likes.</summary>
internal sealed class LiveUnderTest : IAsyncDisposable
{
    public static readonly Guid Tenant = new("7e000000-0000-0000-0000-000000000001");
    public static readonly Guid Other = new("7e000000-0000-0000-0000-000000000002");

    private readonly List<LivePeer> peers = [];
    private long position;
    private long applied;

    public LiveUnderTest(int streamsMax = 1000, long strangeThrough = 0)
    {
        Apply(_ => Board.Advance(Person.Minute(0), position));
        FanOut = new LiveFanOut(Board, () => Volatile.Read(ref applied), Clock, streamsMax, NullLogger.Instance)
        {
            StrangeThrough = strangeThrough,
        };
    }

    public PresenceBoard Board { get; } = new(Rules.NewestVersion);

    public ManualClock Clock { get; } = new();

    public LiveFanOut FanOut { get; }

    /// <summary>A person's id by number.</summary>
    public static Guid PersonOf(int number) => new(number, 0, 0, [0, 0, 0, 0, 0, 0, 0, 1]);

    /// <summary>Adds people 1 to <paramref name="count"/> and makes them Available.</summary>
    public LiveUnderTest Add(int count, Guid? tenant = null, int from = 1)
    {
        for (var number = from; number < from + count; number++)
        {
            Apply(at => Board.AddPerson(PersonOf(number), tenant ?? Tenant, at, position));
            Set(number, "Available/Available");
        }
        return this;
    }

    public LiveUnderTest Set(int number, string pair)
    {
        var command = new Engine.SetPresence(Person.App, Person.Pair(pair), TimeSpan.FromHours(4));
        Apply(at => Board.TryApply(PersonOf(number), command, at, position, out _));
        return this;
    }

    public LiveUnderTest Remove(int number)
    {
        Apply(at => Board.RemovePerson(PersonOf(number), at, position));
        return this;
    }

    /// <summary>An entry that carries time on.</summary>
    public LiveUnderTest Advance(TimeSpan by)
    {
        Apply(now => Board.Advance(now + by, position));
        return this;
    }

    /// <summary>How far the journal got.</summary>
    public long Position => position;

    /// <summary>Opens a stream.</summary>
    public LivePeer Open(
        int[]? people = null,
        LivePlace? after = null,
        bool tellsState = false,
        Guid? tenant = null,
        TimeSpan? lifetime = null
    )
    {
        Assert.True(Board.Tenants.TryGet(tenant ?? Tenant, out var number));
        var caller = new Caller(
            tenant ?? Tenant,
            null,
            Guid.Empty,
            CallerKind.Application,
            [],
            [],
            Clock.GetUtcNow() + (lifetime ?? TimeSpan.FromDays(1))
        );
        var ids = people?.Select(PersonOf).Order().ToArray();
        var peer = new LivePeer(this, new LiveScope(caller, number, ids, PresenceMembers.All));
        peers.Add(peer);
        peer.Begin(after, tellsState);
        return peer;
    }

    public async ValueTask DisposeAsync()
    {
        await FanOut.DisposeAsync();
        foreach (var peer in peers)
        {
            await peer.DisposeAsync();
        }
    }

    private void Apply(Action<Instant> act)
    {
        position++;
        act(Board.Now);
        Volatile.Write(ref applied, position); // after its changes are in the feed, as a node does
        Board.Feed.Wake();
    }
}

/// <summary>One stream and its client, who reads an event only when the test asks for it.</summary>
internal sealed class LivePeer : IAsyncDisposable
{
    private readonly LiveUnderTest live;
    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: 4096, resumeWriterThreshold: 2048));
    private readonly CancellationTokenSource left = new();
    private readonly SseParser<string> parser;
    private readonly IAsyncEnumerator<SseItem<string>> events;
    private Task pumping = Task.CompletedTask;

    public LivePeer(LiveUnderTest live, LiveScope scope)
    {
        this.live = live;
        Stream = new LiveStream(scope, left.Cancel);
        parser = SseParser.Create(pipe.Reader.AsStream());
        events = parser.EnumerateAsync(CancellationToken.None).GetAsyncEnumerator();
    }

    public LiveStream Stream { get; }

    /// <summary>What a client would send as Last-Event-ID.</summary>
    public string LastEventId => parser.LastEventId;

    public Task Ended => pumping;

    public void Begin(LivePlace? after, bool tellsState)
    {
        Assert.True(live.FanOut.TryOpen(Stream, after, out var now));
        var pump = new LivePump(live.FanOut, Stream, pipe.Writer, left.Token);
        pumping = Task.Run(() => PumpAsync(pump, after ?? now, tellsState));
    }

    /// <summary>The next event, or null at the end of the stream.</summary>
    public async Task<SseItem<string>?> NextAsync() =>
        await events.MoveNextAsync().AsTask().WaitAsync(Eventually.Limit) ? events.Current : null;

    /// <summary>The next events in short: <c>presence 1 Busy</c>, the person by number.</summary>
    public async Task<string[]> ReadAsync(int count)
    {
        var read = new string[count];
        for (var i = 0; i < count; i++)
        {
            read[i] = Short((await NextAsync())!.Value);
        }
        return read;
    }

    /// <summary>Reads on until a text has come, past events.</summary>
    public async Task ReadUntilAsync(string text)
    {
        var read = "";
        while (!read.Contains(text, StringComparison.Ordinal))
        {
            var more = await pipe.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);
            read += System.Text.Encoding.UTF8.GetString(more.Buffer.ToArray());
            pipe.Reader.AdvanceTo(more.Buffer.End);
            Assert.False(more.IsCompleted, $"{text} did not come, but {read}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (left.IsCancellationRequested)
        {
            return;
        }
        Stream.End(LiveEnd.Gone);
        await left.CancelAsync();
        await pumping;
        await pipe.Reader.CompleteAsync();
    }

    private async Task PumpAsync(LivePump pump, LivePlace begin, bool tellsState)
    {
        try
        {
            await pump.RunAsync(begin, tellsState);
        }
        catch (OperationCanceledException)
        {
            // The client left.
        }
        finally
        {
            live.FanOut.Close(Stream);
            await pipe.Writer.CompleteAsync();
        }
    }

    private static string Short(SseItem<string> item)
    {
        using var json = System.Text.Json.JsonDocument.Parse(item.Data);
        var root = json.RootElement;
        if (!root.TryGetProperty("id", out var id))
        {
            return item.EventType;
        }
        var number = Convert.ToInt32(id.GetString()![..8], 16);
        return root.TryGetProperty("availability", out var availability)
            ? $"{item.EventType} {number} {availability.GetString()}"
            : $"{item.EventType} {number}";
    }
}
