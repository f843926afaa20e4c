using System.Collections.Concurrent;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// Carries out which partitions this node delivers. A partition that is gained is taken in as everything is at a start: from
/// the position that the journal knows to be delivered, once this node has applied all that the journal held when
/// the partition was gained. So nothing that another node told is told as it was before that, and nothing that it did not
/// tell is left out.
///
/// A partition goes in one of two ways:
/// <code>
/// handed over   nothing more is sent ─► answers under way come, or too late ─► positions in the journal ─► forgotten
/// lost          POSTs are cut off, all is forgotten at once: another node may be at it already
/// </code>
/// While the duties are not sure, because this node slept, all of them count as lost.
///
/// The tempting shortcut for a loss, to hand over quickly, would write positions and send on the strength of a lock that
/// is another's by now. Of the dispatcher's thread alone, but for what comes in through the queues.
/// </summary>
internal sealed class Terms(
    IDuties duties,
    Node node,
    Roster roster,
    Feeder feeder,
    Positions positions,
    TimeProvider time,
    Action cutOff,
    Action wake
)
{
    private readonly long[] terms = new long[Partitions.Count];
    private readonly long[] leftTerms = new long[Partitions.Count];
    private readonly ConcurrentQueue<Gain> caughtUp = new();
    private readonly ConcurrentQueue<HandOver> leaves = new();
    private readonly List<HandOver> handOvers = [];
    private int hasChanged = 1;
    private bool wasSure = true;
    private int gaining;

    /// <summary>Whether nothing is being taken in or handed over.</summary>
    public bool IsSettled => gaining == 0 && handOvers.Count == 0 && Volatile.Read(ref hasChanged) == 0;

    /// <summary>Follows the duties from now on, until they are told to nobody.</summary>
    public void Follow()
    {
        duties.GivingUp = partitions =>
        {
            var handOver = new HandOver([.. partitions.Select(p => (p, duties.TermOf(p)))]);
            leaves.Enqueue(handOver);
            wake();
            return handOver.Done.Task;
        };
        duties.Changed = () =>
        {
            Volatile.Write(ref hasChanged, 1);
            wake();
        };
    }

    /// <summary>Listens no more.</summary>
    public void Unfollow() => (duties.Changed, duties.GivingUp) = (null, null);

    /// <summary>Does what has to be done by now; whether there was anything.</summary>
    public bool Step(Instant now, CancellationToken stop)
    {
        var hasWorked = false;
        while (leaves.TryDequeue(out var leaving))
        {
            // It may have been gained since the last look.
            CompareIfChanged(stop);
            Begin(leaving, now);
            hasWorked = true;
        }
        hasWorked |= CompareIfChanged(stop);
        while (caughtUp.TryDequeue(out var gained))
        {
            TakeIn(gained, now);
            hasWorked = true;
        }
        return handOvers.RemoveAll(TryFinish) > 0 || hasWorked;
    }

    private bool CompareIfChanged(CancellationToken stop)
    {
        var isSure = duties.IsSure;
        if (Interlocked.Exchange(ref hasChanged, 0) == 0 && isSure == wasSure)
        {
            return false;
        }
        wasSure = isSure;
        Compare(isSure, stop);
        return true;
    }

    private void Compare(bool isSure, CancellationToken stop)
    {
        List<int> lost = [];
        List<(int Partition, long Term)> gained = [];
        var isCut = false;
        for (var partition = 0; partition < terms.Length; partition++)
        {
            var term = isSure ? duties.TermOf(partition) : 0;
            if (term == terms[partition])
            {
                continue;
            }
            if (terms[partition] != 0)
            {
                lost.Add(partition);
                isCut |= roster.IsOurs(partition) || IsHandedOver(partition);
            }
            if (term != 0)
            {
                gained.Add((partition, term));
            }
            terms[partition] = term;
        }
        if (isCut)
        {
            cutOff();
        }
        if (lost.Count > 0)
        {
            handOvers.ForEach(leaving => leaving.Partitions.RemoveAll(lost.Contains));
            roster.Drop(lost);
        }
        if (gained.Count > 0)
        {
            gaining++;
            _ = CatchUpAsync(new Gain(gained), stop);
        }
    }

    private bool IsHandedOver(int partition) => handOvers.Exists(handOver => handOver.Partitions.Contains(partition));

    private async Task CatchUpAsync(Gain gained, CancellationToken stop)
    {
        try
        {
            while (!await TryCatchUpAsync(stop))
            {
                await Task.Delay(DeliveryLimits.CatchUpEvery, time, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
        catch (NodeStoppedException)
        {
            return; // nothing is told by a node that stands still; /health/ready says why it does
        }
        caughtUp.Enqueue(gained);
        wake();
    }

    private async Task<bool> TryCatchUpAsync(CancellationToken stop)
    {
        try
        {
            return await node.CatchUpAsync(stop);
        }
        catch (JournalUnavailableException)
        {
            return false; // then the duties are lost soon too, or it passes
        }
    }

    private void TakeIn(Gain gained, Instant now)
    {
        gaining--;
        var ours = gained
            .Terms.Where(gain => terms[gain.Partition] == gain.Term && leftTerms[gain.Partition] != gain.Term)
            .Select(gain => gain.Partition)
            .ToArray();
        if (ours.Length > 0)
        {
            roster.TakeIn(ours, node.State.Subscriptions.All(), now);
        }
    }

    private void Begin(HandOver leaving, Instant now)
    {
        feeder.Step(now); // what is applied by now is still offered, and counts as such
        foreach (var (partition, term) in leaving.Terms)
        {
            if (terms[partition] == term)
            {
                leftTerms[partition] = term;
                leaving.Partitions.Add(partition);
            }
        }
        leaving.Awaited = roster.Leave(leaving.Partitions, feeder.ReadTo);
        leaving.BegunAt = time.GetTimestamp();
        leaving.Timer = time.CreateTimer(_ => wake(), null, DeliveryLimits.HandOverGrace, Timeout.InfiniteTimeSpan);
        handOvers.Add(leaving);
    }

    private bool TryFinish(HandOver leaving)
    {
        leaving.Awaited.RemoveAll(one => !one.Receiver.IsPosting || one.Receiver.PostsBegun != one.PostsBegun);
        if (leaving.Awaited.Count > 0 && time.GetElapsedTime(leaving.BegunAt) < DeliveryLimits.HandOverGrace)
        {
            return false;
        }
        leaving.Timer?.Dispose();
        var written = positions.FlushAsync();
        roster.Drop(leaving.Partitions);
        _ = written.ContinueWith(
            _ => leaving.Done.SetResult(),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        return true;
    }

    private sealed record Gain(List<(int Partition, long Term)> Terms);

    private sealed record HandOver(List<(int Partition, long Term)> Terms)
    {
        /// <summary>Those of the terms that were not lost meanwhile.</summary>
        public List<int> Partitions { get; } = [];

        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Whose answers are awaited, and which of their POSTs it is.</summary>
        public List<(Receiver Receiver, int PostsBegun)> Awaited { get; set; } = [];

        public long BegunAt { get; set; }

        public ITimer? Timer { get; set; }
    }
}
