using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.State.Presences;

/// <summary>The wheel beside the plainest thing that does the same: a sorted set.</summary>
public sealed class DeadlineWheelTests
{
    private const int Seeds = 60;
    private const int StepsPerSeed = 400;
    private const int Rows = 150;

    private static readonly Instant Start = new(638_000_000_000_000_123);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly List<int> taken = [];
    private readonly Dictionary<int, Instant> armed = [];
    private readonly DeadlineWheel wheel;

    public DeadlineWheelTests() => wheel = new DeadlineWheel(Start, row => armed[row]);

    /// <summary>How far apart deadlines and looks are; each finds other parts of the wheel.</summary>
    public static TheoryData<string, double, double> Ranges =>
        new()
        {
            { "within a slot", 0.05, 0.01 },
            { "seconds", 30, 2 },
            { "minutes", 900, 60 },
            { "a working day", 30_000, 2_000 },
            { "days, looked at often", 700_000, 900 },
            { "months", 9_000_000, 300_000 },
            { "years beyond its reach", 800_000_000, 40_000_000 },
        };

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Reports_each_row_in_time_and_none_that_is_not_due_soon(
        string range,
        double deadlineSeconds,
        double lookSeconds
    )
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = new Run(new Random(seed), deadlineSeconds, lookSeconds);
            for (var step = 0; step < StepsPerSeed; step++)
            {
                var fault = run.Step();
                Assert.True(fault is null, $"{range}, seed {seed}, step {step}: {fault}");
            }
        }
    }

    [Fact]
    public void Knows_the_next_deadline_exactly_while_its_row_is_armed()
    {
        Arm(7, Start + TimeSpan.FromMilliseconds(12_345));
        Arm(8, Start + TimeSpan.FromHours(50));
        Assert.Equal(Start + TimeSpan.FromMilliseconds(12_345), wheel.DueBound);

        wheel.Disarm(7);
        wheel.FirstRows(taken);
        Assert.Equal([8], taken);

        wheel.Disarm(8);
        Assert.Equal(new Instant(long.MaxValue), wheel.DueBound);
        Assert.Equal(0, wheel.Armed);
    }

    [Fact]
    public void Takes_nothing_a_tick_before_the_slot_begins_and_the_row_when_it_is_due()
    {
        var due = Start + DeadlineWheel.SlotTime * 10;
        Arm(1, due);
        Assert.False(wheel.TryTake(due - Tick, taken));
        Assert.True(wheel.TryTake(due, taken));
        Assert.Equal([1], taken);
        Assert.False(wheel.TryTake(due, taken));
    }

    [Fact]
    public void Hands_slots_out_in_the_order_of_time_over_any_jump()
    {
        TimeSpan[] after = [TimeSpan.FromDays(400), TimeSpan.FromSeconds(3), TimeSpan.FromHours(9)];
        for (var row = 0; row < after.Length; row++)
        {
            Arm(row, Start + after[row]);
        }
        var order = new List<int>();
        while (wheel.TryTake(Start + TimeSpan.FromDays(500), taken))
        {
            order.AddRange(taken);
        }
        Assert.Equal([1, 2, 0], order);
    }

    [Fact]
    public void Rearming_in_the_order_of_deadlines_leaves_a_bound_that_is_never_late()
    {
        for (var row = 0; row < Rows; row++)
        {
            Arm(row, Start + TimeSpan.FromMinutes(240 + row));
        }
        for (var row = 0; row < Rows; row++)
        {
            Arm(row, Start + TimeSpan.FromMinutes(480 + row));
        }
        Assert.True(wheel.DueBound <= Start + TimeSpan.FromMinutes(480));
        wheel.FirstRows(taken);
        Assert.Equal([0], taken);
    }

    private void Arm(int row, Instant deadline)
    {
        armed[row] = deadline;
        wheel.Arm(row, deadline);
    }

    /// <summary>One history; <see cref="Step"/> says what is wrong, or null.</summary>
    private sealed class Run
    {
        private readonly Random random;
        private readonly double deadlineSeconds;
        private readonly double lookSeconds;
        private readonly DeadlineWheel wheel;
        private readonly Dictionary<int, Instant> deadlines = [];
        private readonly List<int> taken = [];
        private Instant now = Start;

        public Run(Random random, double deadlineSeconds, double lookSeconds)
        {
            (this.random, this.deadlineSeconds) = (random, deadlineSeconds);
            this.lookSeconds = lookSeconds;
            wheel = new DeadlineWheel(Start, row => deadlines[row]);
        }

        public string? Step()
        {
            var row = random.Next(Rows);
            switch (random.Next(8))
            {
                case < 4:
                    deadlines[row] = now + Span(deadlineSeconds) + Tick;
                    wheel.Arm(row, deadlines[row]);
                    break;
                case 4:
                    deadlines.Remove(row);
                    wheel.Disarm(row);
                    break;
                case 5:
                    return LookAtFirst();
                default:
                    return Advance(now + Span(random.Next(10) == 0 ? deadlineSeconds : lookSeconds));
            }
            return Check();
        }

        private string? Advance(Instant until)
        {
            var notDue = new List<int>();
            var last = now;
            while (wheel.TryTake(until, taken))
            {
                var end = last;
                foreach (var row in taken)
                {
                    var deadline = deadlines[row];
                    if (deadline < last)
                    {
                        return $"row {row} comes after rows of a later slot";
                    }
                    end = deadline > end ? deadline : end;
                    if (deadline > until)
                    {
                        notDue.Add(row);
                    }
                    else
                    {
                        deadlines.Remove(row);
                    }
                }
                last = end;
            }
            now = until;
            foreach (var row in notDue)
            {
                if (deadlines[row] - until > DeadlineWheel.SlotTime && !IsBeyondReach(until))
                {
                    return $"row {row} is not due for {deadlines[row] - until}";
                }
                wheel.Arm(row, deadlines[row]);
            }
            var late = deadlines.Where(armed => armed.Value <= now).ToArray();
            return late.Length > 0 ? $"row {late[0].Key} was due and not taken" : Check();
        }

        private string? LookAtFirst()
        {
            wheel.FirstRows(taken);
            if (deadlines.Count == 0)
            {
                return taken.Count == 0 ? null : "nothing is armed";
            }
            var first = deadlines.Values.Min();
            if (!taken.Any(row => deadlines[row] == first))
            {
                return $"the row that is due first, at {first}, is not among the first";
            }
            wheel.RaiseDueBound(first);
            return wheel.DueBound == first ? Check() : "the bound is not what was found";
        }

        private string? Check() =>
            wheel.Armed != deadlines.Count ? $"{wheel.Armed} armed instead of {deadlines.Count}"
            : deadlines.Count > 0 && wheel.DueBound > deadlines.Values.Min() ? "the bound is late"
            : null;

        private static bool IsBeyondReach(Instant at) => at > Start + DeadlineWheel.Reach;

        private TimeSpan Span(double seconds) => new((long)(random.NextDouble() * seconds * TimeSpan.TicksPerSecond));
    }
}
