using System.Collections.Concurrent;
using OpenPresence.Engine;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Delivers: follows the feed of changes and sees to it that each subscription's receiver ends with the state
/// that each of its people is in. One thread of its own decides everything, over plain collections, without a
/// lock; POSTs run elsewhere and come back as results. The writer of the state puts an event into a queue and is gone,
/// and no request ever waits for a receiver.
///
/// What is promised: at least once; in order for each person and subscription; and what could not be
/// told is made good by the state as it is then. What holds it:
/// <code>
/// feed ─► Feeder ─► Lanes ─► NoticeQueue, one for each receiver ─► Posts ─► Sender ─► ReceiverClient
///                     │  no room, no authority, no point                │
///                     ▼                                                 ▼ answer
///          the subscription is behind ─► Resync, from the board     Outcomes ─► Positions ─► journal
/// </code>
/// Pauses, retries and reminders go by the node's clock, so that moving the development clock moves them, and while
/// that stands still, so do they. How long an answer takes is measured by the system's.
/// </summary>
public sealed class Dispatcher : IAsyncDisposable
{
    private readonly NodeState state;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly DeliveryMetrics metrics;
    private readonly AutoResetEvent gate = new(initialState: false);
    private readonly ConcurrentQueue<SubscriptionEvent> events = new();
    private readonly ConcurrentQueue<TaskCompletionSource> awaited = new();
    private readonly ConcurrentQueue<(Guid Id, NoticeKind Kind, TaskCompletionSource Told)> orders = new();
    private readonly ConcurrentQueue<(
        int CountMax,
        TaskCompletionSource<IReadOnlyList<DeliveryStanding>> Told
    )> questions = new();
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Turns turns = new();
    private readonly Roster roster;
    private readonly Feeder feeder;
    private readonly Posts posts;
    private readonly Positions positions;
    private readonly Lanes lanes;
    private readonly LaneFaults faults;
    private readonly Terms terms;
    private CancellationTokenSource cancelPosts = new();
    private Task feedWait = Task.CompletedTask;

    private Dispatcher(
        Node node,
        IDuties duties,
        ReceiverClient client,
        ValidationTokens tokens,
        IFaultInjection? set,
        DeliveryPayloads? payloads,
        TimeProvider time,
        ILogger log
    )
    {
        Payloads = payloads;
        (state, this.time, this.log) = (node.State, time, log);
        metrics = new DeliveryMetrics(node);
        lanes = new Lanes(turns, metrics);
        faults = new LaneFaults(set, turns);
        roster = new Roster(lanes);
        feeder = new Feeder(state, roster, lanes);
        positions = new Positions(node, time, Wake);
        posts = new Posts(
            state.Clock,
            turns,
            roster,
            lanes,
            new Resync(state, lanes),
            faults,
            new Sender(client, tokens, payloads, log),
            new Outcomes(lanes, positions, new RetryDelays(Random.Shared), Deliveries, metrics, log),
            Wake
        );
        terms = new Terms(duties, node, roster, feeder, positions, time, CutOffPosts, Wake);
    }

    /// <summary>The latest deliveries of each subscription.</summary>
    public DeliveryLog Deliveries { get; } = new();

    /// <summary>What was sent lately; null: it is not kept.</summary>
    public DeliveryPayloads? Payloads { get; }

    /// <summary>Null while all is well; otherwise a sentence for /health/ready.</summary>
    public string? Fault { get; private set; }

    /// <summary>Begins to deliver, for a node that has started.</summary>
    internal static Dispatcher Start(
        Node node,
        IDuties duties,
        ReceiverClient client,
        ValidationTokens tokens,
        IFaultInjection? faults,
        DeliveryPayloads? payloads,
        TimeProvider time,
        ILogger log
    )
    {
        var dispatcher = new Dispatcher(node, duties, client, tokens, faults, payloads, time, log);
        dispatcher.terms.Follow();
        faults?.Removed = dispatcher.Wake;
        // Told first, taken in then: some come twice, none is missed.
        node.State.Subscriptions.Changed += dispatcher.Hear;
        new Thread(dispatcher.Run) { IsBackground = true, Name = "delivery" }.Start();
        return dispatcher;
    }

    /// <summary>Ends when all that could be done by now has been done, and no POST is under way; for tests.</summary>
    internal Task SettledAsync()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        awaited.Enqueue(settled);
        Wake();
        return settled.Task;
    }

    /// <summary>
    /// Tells a subscription of its life out of turn; ends when that waits to be sent. Whom nobody watches any more is
    /// told nothing.
    /// </summary>
    internal Task TellAsync(Guid subscriptionId, NoticeKind kind)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        orders.Enqueue((subscriptionId, kind, told));
        Wake();
        return told.Task;
    }

    /// <summary>How subscriptions are doing; looked at by the thread that owns what is looked at.</summary>
    internal Task<IReadOnlyList<DeliveryStanding>> StandingsAsync(int countMax)
    {
        var told = new TaskCompletionSource<IReadOnlyList<DeliveryStanding>>(
            TaskCreationOptions.RunContinuationsAsynchronously
        );
        questions.Enqueue((countMax, told));
        Wake();
        return told.Task;
    }

    /// <summary>Waits a little for answers under way, and has the journal keep what was delivered.</summary>
    public async ValueTask DisposeAsync()
    {
        state.Subscriptions.Changed -= Hear;
        terms.Unfollow();
        await stop.CancelAsync();
        Wake();
        await ended.Task;
        await positions.FlushAsync();
        metrics.Dispose();
        stop.Dispose();
        cancelPosts.Dispose();
    }

    private void Wake() => gate.Set();

    private void Hear(SubscriptionEvent told)
    {
        events.Enqueue(told);
        Wake();
    }

    /// <summary>
    /// Another node may be telling the same by now. The old source is left to the collector: a POST that just begins may still
    /// look at it.
    /// </summary>
    private void CutOffPosts()
    {
        cancelPosts.Cancel();
        cancelPosts = new CancellationTokenSource();
    }

    private void Run()
    {
        try
        {
            using var timer = time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            while (!stop.IsCancellationRequested)
            {
                // Who asks is answered by a step that began after that, and found nothing to do.
                var asked = awaited.Count;
                if (!Step())
                {
                    Settle(asked);
                    Wait(timer);
                }
            }
            FinishPosts();
        }
        catch (Exception bug)
        {
            Fault = $"Notifications are no longer delivered: {bug.Message}";
            log.LogCritical(bug, "Delivery of notifications has ended.");
        }
        ended.SetResult();
    }

    /// <summary>A little of everything, so that nothing waits for all of something else; whether there was anything.</summary>
    private bool Step()
    {
        var now = state.Clock.Now;
        var hasWorked = terms.Step(now, stop.Token);
        while (events.TryDequeue(out var told))
        {
            roster.Observe(told, now);
            hasWorked = true;
        }
        while (orders.TryDequeue(out var order))
        {
            Tell(order.Id, order.Kind, now);
            order.Told.SetResult();
            hasWorked = true;
        }
        while (questions.TryDequeue(out var asked))
        {
            asked.Told.SetResult([
                .. roster.Watches.Take(asked.CountMax).Select(watch => DeliveryStanding.Of(watch, now)),
            ]);
        }
        hasWorked |= faults.Release(now);
        hasWorked |= posts.TakeResults(now, feeder.ReadTo);
        hasWorked |= feeder.Step(now);
        roster.Remind(now);
        hasWorked |= posts.Begin(now, cancelPosts.Token);
        positions.WriteIfDue();
        return hasWorked;
    }

    private void Tell(Guid subscriptionId, NoticeKind kind, Instant now)
    {
        if (roster.Find(subscriptionId) is { } watch)
        {
            lanes.Tell(watch, kind, now);
        }
    }

    private void Settle(int asked)
    {
        while (asked-- > 0 && posts.UnderWay == 0 && terms.IsSettled && awaited.TryDequeue(out var settled))
        {
            settled.SetResult();
        }
    }

    private void Wait(ITimer timer)
    {
        if (feedWait.IsCompleted)
        {
            feedWait = feeder.WaitAsync(stop.Token);
            _ = feedWait.ContinueWith(
                _ => Wake(),
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );
        }
        if (DueIn() is { } due)
        {
            timer.Change(due, Timeout.InfiniteTimeSpan);
        }
        gate.WaitOne();
    }

    /// <summary>How long to wait at most; null: until something happens.</summary>
    private TimeSpan? DueIn()
    {
        var next = Instant.Min(turns.NextAt ?? Instant.Never, roster.NextReminderAt ?? Instant.Never);
        var due = next == Instant.Never ? TimeSpan.MaxValue : next - state.Clock.Now;
        if (positions.DueIn is { } write && write < due)
        {
            due = write;
        }
        return due == TimeSpan.MaxValue
            ? null
            : TimeSpan.FromTicks(Math.Clamp(due.Ticks, TimeSpan.TicksPerMillisecond, DeliveryLimits.LookEvery.Ticks));
    }

    private void FinishPosts()
    {
        cancelPosts.CancelAfter(DeliveryLimits.StopGrace);
        while (posts.UnderWay > 0)
        {
            gate.WaitOne();
            posts.TakeResults(state.Clock.Now, feeder.ReadTo);
        }
    }
}
