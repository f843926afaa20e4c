using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// What follows from a receiver's answer: positions move on, or there will be another attempt; and its health decides
/// whether what comes next is sent, delayed or dropped. Of the dispatcher's thread alone.
/// </summary>
internal sealed class Outcomes(
    Lanes lanes,
    Positions positions,
    RetryDelays delays,
    DeliveryLog deliveries,
    DeliveryMetrics metrics,
    ILogger log
)
{
    private readonly HashSet<Watch> seen = [];

    /// <summary>Draws the conclusions.</summary>
    /// <param name="receiver">Who answered, or did not.</param>
    /// <param name="result">What became of the POST.</param>
    /// <param name="now">By the node's clock.</param>
    /// <param name="readTo">Every change up to there has been offered.</param>
    public void Take(Receiver receiver, in PostResult result, Instant now, long readTo)
    {
        var answer = result.Answer;
        Record(receiver, result);
        if (answer.IsSuccess)
        {
            Accept(receiver, result.Notices, now, readTo);
            receiver.IsSuspect = answer.Took > DeliveryLimits.AnswerInTime;
            receiver.Failures = 0;
            receiver.FailingSince = null;
        }
        else
        {
            receiver.IsSuspect = true;
            receiver.Failures++;
            receiver.FailingSince ??= now;
            receiver.NotBefore = now + delays.After(receiver.Failures);
        }
        // Who cannot be reached has not answered slowly; attempts are far between then anyway.
        var isMissing = answer.Fault == ReceiverFault.TimedOut;
        var state =
            isMissing || answer.Fault == ReceiverFault.None
                ? receiver.Health.Count(now, answer.Took, isMissing)
                : HealthState.Prompt;
        Judge(receiver, state, now);
    }

    private void Judge(Receiver receiver, HealthState state, Instant now)
    {
        receiver.State = state;
        if (state == HealthState.Slow)
        {
            receiver.NotBefore = now + DeliveryLimits.SlowPause;
            log.LogWarning(
                "{Host} answers slowly: notifications are delayed for {Pause}.",
                receiver.Url.Host,
                DeliveryLimits.SlowPause
            );
        }
        else if (state == HealthState.Dropping)
        {
            receiver.NotBefore = now + DeliveryLimits.DropPause;
            log.LogWarning(
                "{Host} does not answer: notifications are dropped for {Pause}, then made good.",
                receiver.Url.Host,
                DeliveryLimits.DropPause
            );
            lanes.GiveUp(receiver, now);
        }
        else if (now - (receiver.FailingSince ?? now) >= DeliveryLimits.RetryFor)
        {
            receiver.FailingSince = null;
            lanes.GiveUp(receiver, now);
        }
    }

    private void Accept(Receiver receiver, Notice[] notices, Instant now, long readTo)
    {
        metrics.Notifications.Add(notices.Length);
        receiver.Batch.Clear();
        seen.Clear();
        for (var i = notices.Length - 1; i >= 0; i--)
        {
            ref readonly var notice = ref notices[i];
            var watch = notice.Watch;
            if (notice.Kind != NoticeKind.Presence || watch.HasEnded)
            {
                continue;
            }
            watch.Pending--;
            watch.Newest = Math.Max(watch.Newest, notice.Newest);
            seen.Add(watch);
        }
        // Backwards: the first notice of each that is met is its last one.
        for (var i = notices.Length - 1; i >= 0 && seen.Count > 0; i--)
        {
            if (notices[i].Kind == NoticeKind.Presence && seen.Remove(notices[i].Watch))
            {
                MoveOn(notices[i], readTo);
                TellMissed(notices[i].Watch, now);
            }
        }
    }

    /// <summary>
    /// With nothing more waiting, all that was read of the feed is delivered; else what lies before the last one that
    /// was taken, for others of the same entry may still wait.
    /// </summary>
    private void MoveOn(in Notice last, long readTo)
    {
        var watch = last.Watch;
        if (watch.State != WatchState.Following)
        {
            return;
        }
        var to = watch.Pending == 0 ? Math.Min(watch.Newest, Math.Min(readTo, watch.LeftAt)) : last.Position - 1;
        if (watch.ResyncTicket >= 0)
        {
            if (watch.Pending > 0 && last.Ticket < watch.ResyncTicket)
            {
                return;
            }
            watch.ResyncTicket = -1;
            to = Math.Max(to, watch.ResyncStart);
        }
        if (to > watch.DeliveredTo)
        {
            watch.DeliveredTo = to;
            positions.Note(watch);
        }
    }

    private void TellMissed(Watch watch, Instant now)
    {
        if (watch.HasMissed && now - watch.MissedToldAt >= DeliveryLimits.MissedEvery)
        {
            (watch.HasMissed, watch.MissedToldAt) = (false, now);
            lanes.Tell(watch, NoticeKind.Missed, now);
        }
    }

    private void Record(Receiver receiver, in PostResult result)
    {
        var answer = result.Answer;
        var outcome =
            result.Fault is { Effect.Drop: true } ? "lost"
            : answer.IsSuccess ? "accepted"
            : answer.Fault == ReceiverFault.None ? "rejected"
            : answer.Fault.ToString();
        metrics.Posts.Add(1, new KeyValuePair<string, object?>("outcome", outcome));
        metrics.Took.Record(answer.Took.TotalSeconds);
        if (!answer.IsSuccess && receiver.Failures == 0)
        {
            log.LogInformation(
                "{Host} did not take notifications: {Outcome} {Status} {Detail}; they are repeated.",
                receiver.Url.Host,
                outcome,
                answer.Status,
                answer.Detail
            );
        }
        var delivery = new DeliveryAttempt(
            result.BegunAt,
            result.RequestId,
            receiver.Url,
            answer.Fault,
            answer.Status,
            answer.Took,
            receiver.Failures + 1,
            result.Notices.Length,
            [
                .. result
                    .Notices.Where(notice => notice.Kind == NoticeKind.Presence)
                    .Take(DeliveryLimits.PeopleKeptPerDelivery)
                    .Select(notice => notice.PersonId),
            ]
        )
        {
            FaultId = result.Fault?.Id,
        };
        foreach (var id in result.Notices.Select(n => n.Watch.Subscription.Id).Distinct())
        {
            deliveries.Add(id, delivery);
        }
    }
}
