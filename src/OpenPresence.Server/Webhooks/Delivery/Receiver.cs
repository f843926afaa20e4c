using OpenPresence.Engine;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// An address of a tenant that notifications go to: the lane on which nobody else's travel. The whole URL counts,
/// for one host may serve many programs that have nothing to do with each other; and the tenant, so that nothing one
/// tenant does can be noticed by another. One POST at a time, which is what keeps the order.
/// </summary>
internal sealed class Receiver(Guid tenantId, Uri url, NoticeBudget budget)
{
    public Guid TenantId { get; } = tenantId;

    public Uri Url { get; } = url;

    /// <summary>What waits.</summary>
    public NoticeQueue Queue { get; } = new(budget);

    /// <summary>What is being posted, or was and has to be again.</summary>
    public List<Notice> Batch { get; } = [];

    /// <summary>Subscriptions of it that have to be resynchronised.</summary>
    public Queue<Watch> Behind { get; } = new();

    public ReceiverHealth Health { get; } = new();

    public HealthState State { get; set; }

    /// <summary>Whether a POST is under way.</summary>
    public bool IsPosting { get; set; }

    /// <summary>POSTs that were ever begun.</summary>
    public int PostsBegun { get; set; }

    /// <summary>Whether it waits for its turn, now or at a time.</summary>
    public bool IsScheduled { get; set; }

    /// <summary>Nothing is sent earlier.</summary>
    public Instant NotBefore { get; set; }

    /// <summary>Failures since the last success.</summary>
    public int Failures { get; set; }

    /// <summary>Since when; null: the last attempt succeeded.</summary>
    public Instant? FailingSince { get; set; }

    /// <summary>Whether its last POST failed or was slow.</summary>
    public bool IsSuspect { get; set; }

    /// <summary>Subscriptions that name it, in either role.</summary>
    public int Users { get; set; }

    /// <summary>Whether the batch was shown to the faults of the control API.</summary>
    public bool IsJudged { get; set; }

    /// <summary>The fault that met the batch; null: none.</summary>
    public InjectedFault? Fault { get; set; }

    /// <summary>What the next notification overtakes, by the will of a fault; null: nothing.</summary>
    public (Notice Notice, InjectedFault Fault)? Held { get; set; }

    /// <summary>It has been overtaken, and goes next.</summary>
    public bool IsOvertaken { get; set; }

    /// <summary>Whether there is anything to do for it.</summary>
    public bool HasWork => Batch.Count > 0 || Queue.Count > 0 || Behind.Count > 0 || IsOvertaken;
}
