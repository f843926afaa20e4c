using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>How a receiver is doing.</summary>
public enum HealthState : byte
{
    /// <summary>It gets what there is at once.</summary>
    Prompt,

    /// <summary>It answers slowly: what comes is delayed.</summary>
    Slow,

    /// <summary>It does not answer: what comes is dropped, and made good later.</summary>
    Dropping,
}

/// <summary>
/// Judges a receiver by its answers of the last ten minutes, minute by minute, as Graph does: more than 10 % slower
/// than 3 s make it slow, more than 15 % that did not come within 10 s make it one that is dropped for. A judgement
/// begins a pause of its own, and the count begins anew, so that a receiver that got well is not punished twice.
/// Pure: told the instants.
/// </summary>
internal sealed class ReceiverHealth
{
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(1);
    private static readonly int Steps = (int)(DeliveryLimits.HealthWindow / Step);
    private readonly (long Minute, int Answers, int Slow, int Missing)[] counts = new (long, int, int, int)[Steps];

    /// <summary>Counts an answer, or that there was none in time, and judges.</summary>
    public HealthState Count(Instant now, TimeSpan took, bool isMissing)
    {
        var minute = now.Ticks / Step.Ticks;
        ref var count = ref counts[minute % Steps];
        if (count.Minute != minute)
        {
            count = (minute, 0, 0, 0);
        }
        count.Answers++;
        count.Slow += isMissing || took > DeliveryLimits.AnswerInTime ? 1 : 0;
        count.Missing += isMissing ? 1 : 0;
        return Judge(minute);
    }

    private HealthState Judge(long minute)
    {
        var (answers, slow, missing) = (0, 0, 0);
        foreach (var count in counts)
        {
            if (count.Minute > minute - Steps)
            {
                answers += count.Answers;
                slow += count.Slow;
                missing += count.Missing;
            }
        }
        var state =
            answers < DeliveryLimits.AnswersJudgedMin ? HealthState.Prompt
            : missing * 100 > answers * DeliveryLimits.DropPercentMax ? HealthState.Dropping
            : slow * 100 > answers * DeliveryLimits.SlowPercentMax ? HealthState.Slow
            : HealthState.Prompt;
        if (state != HealthState.Prompt)
        {
            Array.Clear(counts);
        }
        return state;
    }
}
