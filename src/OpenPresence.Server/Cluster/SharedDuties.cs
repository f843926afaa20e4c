using OpenPresence.Server.Journal.Postgres;
using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Cluster;

/// <summary>
/// The duties of a node among several on one database. Each partition, and the ticker, is a lock of one session
/// (<see cref="DutySession"/>); once a second the node tells through it that it lives, learns who else does, and comes
/// nearer to its even share: gives up what is over it, takes what nobody has. So nobody assigns work, and there is nobody
/// whose loss would keep it from being assigned anew.
///
/// What follows from the locks being the session's:
/// <code>
/// a node is killed            its session ends at once; the others see that within a second, and take what is free
/// a node is cut off           the database ends its session after 5 s; by then the node has given all up by itself,
///                               since it got no answer for 3 s
/// a node hangs                the database ends its session after 5 s without a question; when it goes on, it believes
///                               nothing that was answered more than 4 s ago
/// the database restarts       all sessions are gone, all duties with them; whoever is back first takes its share
/// a node stops, or there is a new one   partitions change hands after their positions are in the journal
/// </code>
/// The tempting alternative, leases with an end in a table, has two holders whenever a clock is wrong.
/// </summary>
public sealed class SharedDuties : IDuties
{
    /// <summary>How often a node tells that it lives, and looks at its share.</summary>
    public static readonly TimeSpan BeatEvery = TimeSpan.FromSeconds(1);

    /// <summary>
    /// So long after it asked, what was answered is surely still so; less than what the database takes to end the session of
    /// a node that says nothing (<see cref="DutySession.IdleMax"/>).
    /// </summary>
    public static readonly TimeSpan SureFor = TimeSpan.FromSeconds(4);

    /// <summary>What was not handed over by then is given up all the same.</summary>
    public static readonly TimeSpan HandOverMax = TimeSpan.FromSeconds(5);

    private readonly Database database;
    private readonly Func<NodeCard> card;
    private readonly Action<ClusterView> looked;
    private readonly TimeProvider time;
    private readonly ILogger log;
    private readonly long[] terms = new long[Partitions.Count];
    private readonly CancellationTokenSource stop = new();
    private readonly TaskCompletionSource joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int first = Random.Shared.Next(Partitions.Count);
    private Task running = Task.CompletedTask;
    private (int[] Partitions, Task Told)? leaving;
    private ClusterView view = ClusterView.None;
    private long lastTerm;
    private long askedAt;
    private bool ticks;
    private bool isDisposed;
    private string? fault;

    private SharedDuties(
        Database database,
        Func<NodeCard> card,
        Action<ClusterView> looked,
        TimeProvider time,
        ILogger log
    ) => (this.database, this.card, this.looked, this.time, this.log) = (database, card, looked, time, log);

    /// <inheritdoc />
    public bool Ticks => Volatile.Read(ref ticks);

    /// <inheritdoc />
    public int RulesKnown => View.RulesKnown;

    /// <inheritdoc />
    public Action? Changed { get; set; }

    /// <inheritdoc />
    public Func<IReadOnlyList<int>, Task>? GivingUp { get; set; }

    /// <inheritdoc />
    public int Nodes => View.Live.Count;

    /// <summary>Who is there, as this node saw it last.</summary>
    public ClusterView View => Volatile.Read(ref view);

    /// <summary>Why this node has no duties; null: it may have some.</summary>
    public string? Fault => Volatile.Read(ref fault);

    /// <summary>How many partitions it holds.</summary>
    public int PartitionsHeld => Enumerable.Range(0, terms.Length).Count(IsHeld);

    /// <summary>Joins the nodes; returns after the first look at what there is to do, or the first failure.</summary>
    /// <param name="database">Where they meet.</param>
    /// <param name="card">What this node tells of itself, asked every second.</param>
    /// <param name="looked">Told who is there, every second.</param>
    /// <param name="time">For the seconds.</param>
    /// <param name="log">Told what is gained and lost.</param>
    /// <param name="cancel">Gives up.</param>
    public static async Task<SharedDuties> StartAsync(
        Database database,
        Func<NodeCard> card,
        Action<ClusterView> looked,
        TimeProvider time,
        ILogger log,
        CancellationToken cancel
    )
    {
        var duties = new SharedDuties(database, card, looked, time, log);
        duties.running = Task.Run(duties.RunAsync, CancellationToken.None);
        await duties.joined.Task.WaitAsync(cancel);
        return duties;
    }

    /// <inheritdoc />
    public long TermOf(int partition) => Volatile.Read(ref terms[partition]);

    /// <inheritdoc />
    public bool IsSure => time.GetElapsedTime(Volatile.Read(ref askedAt)) < SureFor;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, true))
        {
            return;
        }
        await stop.CancelAsync();
        await running;
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await HoldAsync(await DutySession.OpenAsync(database, stop.Token));
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
            catch (Exception failure)
            {
                Volatile.Write(ref fault, $"The duties were lost: {failure.Message}");
                if (!DatabaseFailure.Is(failure))
                {
                    log.LogCritical(failure, "The duties met a bug.");
                }
            }
            joined.TrySetResult();
            await Task.Delay(BeatEvery, time, stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Does its share until told to stop, or until the session is lost.</summary>
    private async Task HoldAsync(DutySession session)
    {
        try
        {
            using var beats = new PeriodicTimer(BeatEvery, time);
            Task<bool>? beat = null;
            while (!stop.IsCancellationRequested)
            {
                await RoundAsync(session);
                joined.TrySetResult();
                beat ??= beats.WaitForNextTickAsync(stop.Token).AsTask();
                await Task.WhenAny(beat, leaving?.Told ?? beat);
                beat = beat.IsCompleted ? null : beat;
            }
            LoseAll("stopping");
            await session.LeaveAsync(card().Id);
        }
        catch
        {
            // Before the session is closed: then another node may have them.
            LoseAll("the session is lost");
            throw;
        }
        finally
        {
            await session.DisposeAsync();
        }
    }

    private async Task RoundAsync(DutySession session)
    {
        var mine = card();
        var asked = time.GetTimestamp();
        var seen = new ClusterView(mine.Id, await session.BeatAsync(mine));
        var wasSure = IsSure;
        Volatile.Write(ref askedAt, asked);
        if (!wasSure)
        {
            Changed?.Invoke();
        }
        Volatile.Write(ref view, seen);
        Volatile.Write(ref fault, null);
        looked(seen);
        if (leaving is { Told.IsCompleted: true } left)
        {
            await GiveUpAsync(session, left.Partitions);
        }
        await ShareAsync(session, Shares.Of(seen.Live.Count));
        if (!ticks && await session.TakeAsync([AdvisoryLocks.Ticker], 1) is [_])
        {
            Volatile.Write(ref ticks, true);
            log.LogInformation("This node carries time on for all.");
        }
    }

    private async Task ShareAsync(DutySession session, int share)
    {
        var staying = PartitionsHeld - (leaving?.Partitions.Length ?? 0);
        if (staying > share && leaving is null)
        {
            var partitions = Shares.ToGiveUp(IsHeld, share, first);
            leaving = (partitions, HandOverAsync(partitions));
        }
        else if (staying < share)
        {
            var wanted = Shares.ToTake(IsHeld, first);
            var taken = await session.TakeAsync([.. wanted.Select(LockOf)], share - staying);
            Gain([.. taken.Select(PartitionOf)]);
        }
    }

    private async Task HandOverAsync(int[] partitions)
    {
        try
        {
            await (GivingUp?.Invoke(partitions) ?? Task.CompletedTask).WaitAsync(HandOverMax, time);
        }
        catch (TimeoutException)
        {
            log.LogWarning("{Count} partitions are given up before all was told.", partitions.Length);
        }
    }

    private async Task GiveUpAsync(DutySession session, int[] partitions)
    {
        leaving = null;
        foreach (var partition in partitions)
        {
            Volatile.Write(ref terms[partition], 0);
        }
        Changed?.Invoke();
        await session.GiveUpAsync([.. partitions.Select(LockOf)]);
        log.LogInformation("Gave up {Count} partitions of subscriptions.", partitions.Length);
    }

    private void Gain(int[] partitions)
    {
        if (partitions.Length == 0)
        {
            return;
        }
        var term = ++lastTerm;
        foreach (var partition in partitions)
        {
            Volatile.Write(ref terms[partition], term);
        }
        log.LogInformation("Took {Count} partitions of subscriptions.", partitions.Length);
        Changed?.Invoke();
    }

    private void LoseAll(string why)
    {
        if (Ticks || PartitionsHeld > 0)
        {
            log.LogInformation("All duties end: {Why}.", why);
        }
        Volatile.Write(ref ticks, false);
        leaving = null;
        for (var partition = 0; partition < terms.Length; partition++)
        {
            Volatile.Write(ref terms[partition], 0);
        }
        Volatile.Write(ref view, ClusterView.None);
        Changed?.Invoke();
    }

    private bool IsHeld(int partition) => TermOf(partition) != 0;

    private static int LockOf(int partition) => AdvisoryLocks.FirstPartition + partition;

    private static int PartitionOf(int number) => number - AdvisoryLocks.FirstPartition;
}
