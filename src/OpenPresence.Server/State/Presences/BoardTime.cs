using OpenPresence.Engine;

namespace OpenPresence.Server.State.Presences;

/// <summary>
/// Carries the board's time on: what is due by an entry's instant is crossed before the entry is applied, in
/// the order (instant, person), each at its own instant. So what people see, since when, and in which order
/// others hear of it depends on the entries alone, not on how often somebody looked at the clock.
/// </summary>
/// <remarks>
/// A jump of hours is crossed slot by slot, as if time had passed; what waits at once is one slot's people.
/// </remarks>
internal sealed class BoardTime
{
    private readonly PresenceBoard board;
    private readonly List<int> taken = [];
    private readonly PriorityQueue<int, (Instant At, Guid Person)> crossing = new();
    private DeadlineWheel wheel;
    private Instant wheelStartAt;

    public BoardTime(PresenceBoard board)
    {
        this.board = board;
        wheel = NewWheel(default);
    }

    /// <summary>How far time has been carried.</summary>
    public Instant Now { get; private set; }

    /// <summary>Nothing is due before this; never later than the next deadline.</summary>
    public Instant DueBound => wheel.DueBound;

    /// <summary>Begins on an empty board: nothing is due before this.</summary>
    public void StartAt(Instant at) => (Now, wheelStartAt, wheel) = (at, at, NewWheel(at));

    /// <summary>Crosses what is due up to an instant.</summary>
    public void Advance(Instant at, long position)
    {
        if (at <= Now)
        {
            return;
        }
        while (wheel.TryTake(at, taken))
        {
            foreach (var row in taken)
            {
                crossing.Enqueue(row, (DeadlineOf(row), board.IdOf(row)));
            }
            CrossSlot(at, position);
        }
        while (crossing.TryDequeue(out var row, out var later))
        {
            wheel.Arm(row, later.At);
        }
        Now = at;
        if (at - wheelStartAt > DeadlineWheel.Reach / 2)
        {
            RenewWheel(); // also at the first entry: until then the wheel begins in the year 1
        }
    }

    /// <summary>Sets a row's deadline; null: it has none.</summary>
    public void Arm(int row, Instant? next)
    {
        if (next is { } deadline)
        {
            wheel.Arm(row, deadline);
        }
        else
        {
            wheel.Disarm(row);
        }
    }

    /// <summary>See <see cref="PresenceBoard.Warm"/>.</summary>
    public void Warm(int row) => wheel.Warm(row);

    /// <summary>Of a row that is freed.</summary>
    public void Disarm(int row) => wheel.Disarm(row);

    /// <summary>
    /// The next deadline, exactly; null: there is none. A look at a whole slot's people, so it is asked only
    /// once the clock has reached <see cref="DueBound"/>.
    /// </summary>
    public Instant? NextDueAt()
    {
        wheel.FirstRows(taken);
        var next = Instant.Never;
        foreach (var row in taken)
        {
            next = Instant.Min(next, DeadlineOf(row));
        }
        wheel.RaiseDueBound(next);
        return taken.Count == 0 ? null : next;
    }

    private void CrossSlot(Instant at, long position)
    {
        while (crossing.TryPeek(out var row, out var due) && due.At <= at)
        {
            crossing.Dequeue();
            board.Cross(row, due.At, position);
            Now = due.At;
            if (board.NextChangeAt(row, Now) is not { } next)
            {
                continue;
            }
            if (wheel.IsCurrent(next))
            {
                crossing.Enqueue(row, (next, due.Person));
            }
            else
            {
                wheel.Arm(row, next);
            }
        }
    }

    /// <summary>A wheel reaches 13 years from where it began: once half of them have passed, a new one begins.</summary>
    private void RenewWheel()
    {
        StartAt(Now);
        for (var row = 0; row < board.Rows.Count; row++)
        {
            Arm(row, board.NextChangeAt(row, Now));
        }
    }

    /// <summary>
    /// Of a row that is armed. Its record was not changed since, and nothing of it was due, so the engine says now what
    /// it said then.
    /// </summary>
    private Instant DeadlineOf(int row) => board.NextChangeAt(row, Now)!.Value;

    private DeadlineWheel NewWheel(Instant at) => new(at, DeadlineOf);
}
