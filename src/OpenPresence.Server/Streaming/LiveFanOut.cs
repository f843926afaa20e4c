using OpenPresence.Server.Contracts;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// Tells every open stream of this node what changed. One task follows the feed for all of them and puts the
/// number of each change into the mailboxes of the streams that tell of that person; it never writes to a
/// connection and never waits for one, so ten thousand streams cost the writer of the state nothing and each other
/// nothing but a turn. A stream whose mailbox is full is behind, and reads the feed by itself until it has caught
/// up; when the feed has gone over what it missed, it takes the state from the board, each person once.
///
/// The tempting alternative, a channel of rendered events for each stream, holds the text of the same event ten
/// thousand times, and for a client that stopped reading as many events as its bound allows.
///
/// A second task goes round once a second: signs of life, tokens that expired, clients that take nothing.
/// </summary>
public sealed class LiveFanOut : IAsyncDisposable
{
    private static readonly TimeSpan RoundEvery = TimeSpan.FromSeconds(1);

    private readonly Func<long> applied;
    private readonly TimeProvider time;
    private readonly int streamsMax;
    private readonly Lock gate = new();
    private readonly List<LiveStream> streams = [];
    private readonly HashSet<LiveStream> touched = [];
    private readonly LiveIndex<ushort> ofTenants = new();
    private readonly LiveIndex<Guid> ofPeople = new();
    private readonly LiveEvent?[] kept = new LiveEvent?[LiveLimits.EventsKept];
    private readonly Change[] batch = new Change[256];
    private readonly CancellationTokenSource stop = new();
    private readonly PeriodicTimer rounds;
    private readonly Task running;
    private long next;
    private LivePlace place;
    private long completed;

    /// <param name="board">What is told.</param>
    /// <param name="applied">The position of the last entry that was applied, all its changes being in the feed.</param>
    /// <param name="time">For tokens and signs of life, which are the outer world's.</param>
    /// <param name="streamsMax">How many may be open.</param>
    /// <param name="log">For what must not happen.</param>
    public LiveFanOut(PresenceBoard board, Func<long> applied, TimeProvider time, int streamsMax, ILogger log)
    {
        (Board, this.applied, this.time, this.streamsMax) = (board, applied, time, streamsMax);
        completed = applied();
        rounds = new PeriodicTimer(RoundEvery, time);
        next = Feed.Next;
        place = LiveSearch.TryPlaceBefore(Feed, next, out var before)
            ? before
            : new LivePlace(completed, LivePlace.All);
        running = Task.WhenAll(GuardAsync(FollowAsync, log), GuardAsync(GoRoundAsync, log));
    }

    /// <summary>One that follows a node.</summary>
    public static LiveFanOut Of(Node node, TimeProvider time, int streamsMax, ILogger log, long strangeThrough) =>
        new(node.State.Board, () => node.State.Position, time, streamsMax, log) { StrangeThrough = strangeThrough };

    /// <summary>What is told.</summary>
    public PresenceBoard Board { get; }

    /// <summary>
    /// Places up to this position may be those of entries that are gone, and others have come to stand there: who goes on
    /// after one of them would not be told of these. 0: there are none.
    /// </summary>
    public long StrangeThrough { get; init; }

    /// <summary>Where changes come from.</summary>
    public ChangeFeed Feed => Board.Feed;

    /// <summary>How many streams are open.</summary>
    public int Open
    {
        get
        {
            lock (gate)
            {
                return streams.Count;
            }
        }
    }

    /// <summary>Every change up to this position was put into the mailboxes.</summary>
    public long Completed => Volatile.Read(ref completed);

    /// <summary>When a client began to stall, for <see cref="LiveStream.StalledSince"/>; never 0.</summary>
    public long Timestamp => Math.Max(time.GetTimestamp(), 1);

    /// <summary>Adds a stream; false: as many are open as may be.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="after">It goes on after this place; null: with what comes from now on.</param>
    /// <param name="now">Where the order stands.</param>
    public bool TryOpen(LiveStream stream, LivePlace? after, out LivePlace now)
    {
        lock (gate)
        {
            DispatchAll(); // so that what was acknowledged before is not told as if it came now
            now = place;
            if (streams.Count >= streamsMax || stop.IsCancellationRequested)
            {
                return false;
            }
            if (after is { } last)
            {
                stream.FallBehind(WhereAfter(last));
            }
            stream.BeatAt = time.GetUtcNow();
            stream.Slot = streams.Count;
            streams.Add(stream);
            Join(stream, (index, key) => index.Add(key, stream), index => index.Add(stream.Scope.Tenant, stream));
            return true;
        }
    }

    /// <summary>Takes a stream out.</summary>
    public void Close(LiveStream stream)
    {
        lock (gate)
        {
            var last = streams[^1];
            streams[stream.Slot] = last;
            last.Slot = stream.Slot;
            streams.RemoveAt(streams.Count - 1);
            Join(stream, (index, key) => index.Remove(key, stream), index => index.Remove(stream.Scope.Tenant, stream));
        }
    }

    /// <summary>The event of a change that was put into mailboxes; null: no longer kept.</summary>
    public LiveEvent? Find(long number) =>
        Volatile.Read(ref kept[number & (LiveLimits.EventsKept - 1)]) is { } found && found.Number == number
            ? found
            : null;

    /// <summary>Where the feed goes on, for a stream that takes the state from the board first.</summary>
    public LiveStream.Behind Here()
    {
        lock (gate)
        {
            return new LiveStream.Behind(next, place);
        }
    }

    /// <summary>Puts changes into a stream's mailbox again, if it has read all before them.</summary>
    public bool TryCatchUp(LiveStream stream, long read)
    {
        lock (gate)
        {
            if (read != next)
            {
                return false;
            }
            stream.CatchUp();
            return true;
        }
    }

    /// <summary>Ends the streams of some callers.</summary>
    public void End(LiveEnd why, Func<Caller, bool> whose)
    {
        lock (gate)
        {
            foreach (var stream in streams)
            {
                if (whose(stream.Scope.Caller))
                {
                    stream.End(why);
                }
            }
        }
    }

    /// <summary>Ends every stream, and lets none in any more.</summary>
    public void Stop()
    {
        stop.Cancel();
        End(LiveEnd.Stopping, _ => true);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        Stop();
        await running;
        rounds.Dispose();
        // Not disposed of: streams that are just ending may still look at it.
    }

    private LiveStream.Behind WhereAfter(LivePlace last) =>
        // A place of the future is one of another data directory: everything is told anew.
        last.Position <= StrangeThrough
        || last.Position > Math.Max(applied(), place.Position)
            ? new(LivePump.Gone, default(LivePlace))
        : LiveSearch.TryFindNext(Feed, last, out var number) ? new(number, last)
        : new(LivePump.Gone, last);

    private void Join(LiveStream stream, Action<LiveIndex<Guid>, Guid> person, Action<LiveIndex<ushort>> tenant)
    {
        if (stream.Scope.Ids is not { } ids)
        {
            tenant(ofTenants);
            return;
        }
        foreach (var id in ids)
        {
            person(ofPeople, id);
        }
    }

    private async Task FollowAsync()
    {
        while (true)
        {
            await Feed.WaitFor(Volatile.Read(ref next), stop.Token);
            // Read before the feed's end is: by then all changes up to it are in the feed.
            var position = applied();
            lock (gate)
            {
                DispatchAll();
            }
            Volatile.Write(ref completed, Math.Max(position, completed));
        }
    }

    /// <summary>Everything that is in the feed by now; under the gate.</summary>
    private void DispatchAll()
    {
        for (var end = Feed.Next; next < end; )
        {
            if (!Feed.TryCopy(next, batch, out var count))
            {
                PassOver();
                continue;
            }
            foreach (ref readonly var change in batch.AsSpan(0, count))
            {
                Dispatch(change);
            }
        }
        foreach (var stream in touched)
        {
            stream.Wake();
        }
        touched.Clear();
    }

    private void Dispatch(in Change change)
    {
        var before = place;
        var number = next++;
        place = before.Next(Sequence.Position(change.Sequence));
        if (!ofTenants.Contains(change.Tenant) && !ofPeople.Contains(change.PersonId))
        {
            return;
        }
        if (LiveEvent.Of(Board, change, number, place) is not { } told)
        {
            return;
        }
        Volatile.Write(ref kept[number & (LiveLimits.EventsKept - 1)], told);
        var offer = (Change: change, Number: number, Before: before, Touched: touched);
        ofTenants.Each(change.Tenant, offer, Offer);
        ofPeople.Each(change.PersonId, offer, Offer);
    }

    private static void Offer(
        LiveStream stream,
        (Change Change, long Number, LivePlace Before, HashSet<LiveStream> Touched) offer
    )
    {
        // A caller that lists an id of another tenant is told nothing of it.
        if (stream.Scope.Tenant == offer.Change.Tenant)
        {
            stream.Offer(offer.Number, offer.Before);
            offer.Touched.Add(stream);
        }
    }

    /// <summary>The feed went on faster than this: every stream looks for itself what it missed.</summary>
    private void PassOver()
    {
        var missed = new LiveStream.Behind(next, place);
        next = Feed.Next;
        place = LiveSearch.TryPlaceBefore(Feed, next, out var before) ? before : place;
        foreach (var stream in streams)
        {
            stream.FallBehindUnlessBehind(missed);
            stream.Wake();
        }
    }

    private async Task GoRoundAsync()
    {
        while (await rounds.WaitForNextTickAsync(stop.Token))
        {
            var now = time.GetUtcNow();
            lock (gate)
            {
                foreach (var stream in streams)
                {
                    LookAfter(stream, now);
                }
            }
        }
    }

    private void LookAfter(LiveStream stream, DateTimeOffset now)
    {
        if (stream.StalledSince is not 0 and var since && time.GetElapsedTime(since) > LiveLimits.StallMax)
        {
            stream.Abort();
        }
        else if (stream.Scope.Caller.ExpiresAt <= now)
        {
            stream.End(LiveEnd.TokenExpired);
        }
        else if (now - stream.BeatAt >= LiveLimits.BeatEvery)
        {
            stream.Beat(now);
        }
    }

    private async Task GuardAsync(Func<Task> run, ILogger log)
    {
        try
        {
            await Task.Run(run);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        catch (Exception bug)
        {
            log.LogCritical(bug, "The live stream stopped.");
            await stop.CancelAsync();
            End(LiveEnd.Stopping, _ => true);
        }
    }
}
