using System.Collections.Concurrent;
using OpenPresence.Engine;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Gives receivers their turns: what is to be posted to each, and what follows from its answer. A POST runs on any
/// thread and comes back as a result, so that all that is decided is decided on the dispatcher's.
///
/// A receiver whose last POST failed or was slow counts as a suspect. Of those only so many are posted to at once; the
/// others never wait, for nobody's time-out takes a place that they need.
/// </summary>
internal sealed class Posts(
    NodeClock clock,
    Turns turns,
    Roster roster,
    Lanes lanes,
    Resync resync,
    LaneFaults faults,
    Sender sender,
    Outcomes outcomes,
    Action wake
)
{
    private readonly ConcurrentQueue<(PostResult Result, Receiver Receiver)> results = new();
    private readonly Queue<Receiver> suspects = new();
    private int suspectPosts;

    /// <summary>POSTs under way.</summary>
    public int UnderWay { get; private set; }

    /// <summary>Begins the POSTs that can begin; whether there was any turn.</summary>
    public bool Begin(Instant now, CancellationToken cancel)
    {
        // Those of now: a receiver that resynchronises everyone takes many turns, and others stand between them.
        var count = turns.CountReady(now);
        for (var i = 0; i < count; i++)
        {
            var receiver = turns.Next();
            if (receiver.IsSuspect && suspectPosts >= DeliveryLimits.SuspectPostsMax)
            {
                receiver.IsScheduled = true;
                suspects.Enqueue(receiver);
                continue;
            }
            TakeTurn(receiver, now, cancel);
        }
        return count > 0;
    }

    /// <summary>Draws the conclusions from answers that came; whether there were any.</summary>
    public bool TakeResults(Instant now, long readTo)
    {
        var hasWorked = false;
        while (results.TryDequeue(out var came))
        {
            hasWorked = true;
            var receiver = came.Receiver;
            UnderWay--;
            receiver.IsPosting = false;
            if (came.Result.WasSuspect)
            {
                suspectPosts--;
                if (suspects.TryDequeue(out var next))
                {
                    next.IsScheduled = false;
                    turns.Plan(next, now);
                }
            }
            if (!came.Result.IsCutOff)
            {
                outcomes.Take(receiver, came.Result, now, readTo);
            }
            turns.Plan(receiver, now);
            roster.ForgetIfUnused(receiver);
        }
        return hasWorked;
    }

    private void TakeTurn(Receiver receiver, Instant now, CancellationToken cancel)
    {
        receiver.State = HealthState.Prompt; // a pause, if there was one, is over
        resync.Step(receiver, now);
        FillBatch(receiver, now);
        if (receiver.Batch.Count > 0 && faults.LetsGo(receiver, now))
        {
            Post(receiver, cancel);
            return;
        }
        turns.Plan(receiver, now);
        roster.ForgetIfUnused(receiver);
    }

    private void Post(Receiver receiver, CancellationToken cancel)
    {
        var requestId = Guid.NewGuid();
        var begunAt = clock.Now;
        var notices = receiver.Batch.ToArray();
        var wasSuspect = receiver.IsSuspect;
        suspectPosts += wasSuspect ? 1 : 0;
        UnderWay++;
        receiver.IsPosting = true;
        receiver.PostsBegun++;
        receiver.IsOvertaken = receiver.Held is not null;
        var fault = receiver.Fault;
        _ = Task.Run(
            async () =>
            {
                var answer = await sender.SendAsync(receiver.Url, requestId, notices, fault?.Effect, cancel);
                results.Enqueue(
                    (
                        new(requestId, begunAt, notices, answer, wasSuspect, fault)
                        {
                            IsCutOff = !answer.IsSuccess && cancel.IsCancellationRequested,
                        },
                        receiver
                    )
                );
                wake();
            },
            CancellationToken.None
        );
    }

    /// <summary>
    /// What failed before goes again as it was, less what is void by now; else the next of the queue, as far as they are
    /// of one kind: clients read presence and the life of subscriptions at different places.
    /// </summary>
    private void FillBatch(Receiver receiver, Instant now)
    {
        receiver.Batch.RemoveAll(notice => IsVoid(notice, now));
        if (receiver.Batch.Count > 0)
        {
            return;
        }
        if (LaneFaults.TryGiveBack(receiver))
        {
            receiver.Batch.RemoveAll(notice => IsVoid(notice, now));
            return;
        }
        while (receiver.Queue.Count > 0 && receiver.Batch.Count < faults.BatchMax)
        {
            var isPresence = receiver.Queue.Peek().Kind == NoticeKind.Presence;
            if (receiver.Batch.Count > 0 && receiver.Batch[0].Kind == NoticeKind.Presence != isPresence)
            {
                return;
            }
            var notice = receiver.Queue.Dequeue();
            if (!IsVoid(notice, now))
            {
                receiver.Batch.Add(notice);
            }
        }
    }

    private bool IsVoid(in Notice notice, Instant now)
    {
        var watch = notice.Watch;
        if (watch.HasEnded)
        {
            return notice.Kind != NoticeKind.SubscriptionRemoved;
        }
        if (watch.IsLeaving)
        {
            return true; // still pending, so its position does not move past it
        }
        if (notice.Kind != NoticeKind.Presence || watch.IsAuthorized(now))
        {
            return false;
        }
        watch.Pending--;
        lanes.Restart(watch, now);
        return true;
    }
}

/// <summary>What became of a POST.</summary>
/// <param name="RequestId">Its name in both sides' logs.</param>
/// <param name="BegunAt">When it began.</param>
/// <param name="Notices">What it told.</param>
/// <param name="Answer">What the receiver said.</param>
/// <param name="WasSuspect">Whether it took a suspect's place.</param>
/// <param name="Fault">The fault of the control API that met it; null: none.</param>
internal readonly record struct PostResult(
    Guid RequestId,
    Instant BegunAt,
    Notice[] Notices,
    ReceiverAnswer Answer,
    bool WasSuspect,
    InjectedFault? Fault
)
{
    /// <summary>This node gave it up: the receiver's answer is not known, and its health none the worse for it.</summary>
    public bool IsCutOff { get; init; }
}
