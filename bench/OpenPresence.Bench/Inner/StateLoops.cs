using BenchmarkDotNet.Attributes;
using OpenPresence.Bench.Board;
using OpenPresence.Engine;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Bench.Inner;

/// <summary>The steps of a write and of a read, each alone, among a hundred thousand people.</summary>
[MemoryDiagnoser]
public class StateLoops
{
    private const int People = 100_000;
    private static readonly Guid Device = new("de000000-0000-0000-0000-000000000001");

    private readonly Rules rules = Rules.OfVersion(Rules.NewestVersion);
    private readonly DeadlineWheel wheel = new(new(TimeSpan.TicksPerDay * 700_000), _ => default);
    private PresenceRecord record = PresenceRecord.Empty;
    private Instant now;
    private NodeState state = null!;
    private BoardEntries entries = null!;
    private int number;

    /// <summary>Somebody with an application's session, a device, a preference and a message.</summary>
    [GlobalSetup]
    public void Fill()
    {
        (state, entries) = BoardEntries.Fill(People, People);
        now = entries.Now;
        foreach (
            var command in new PresenceCommand[]
            {
                BoardEntries.SessionOf(1, 1),
                new ReportDevice(Device, new(Availability.Available, Activity.Available), BoardEntries.SessionDuration),
                new SetUserPreferredPresence(
                    new(Availability.DoNotDisturb, Activity.DoNotDisturb),
                    BoardEntries.SessionDuration
                ),
                new SetStatusMessage("In the workshop", now + BoardEntries.SessionDuration),
            }
        )
        {
            record = rules.Decide(record, command, now).Record;
        }
    }

    [Benchmark]
    public Presence Merge() => rules.Merge(record, now);

    [Benchmark]
    public Instant? Next_change() => rules.NextChangeAt(record, now);

    [Benchmark]
    public PresenceRecord Decide() => rules.Decide(record, BoardEntries.SessionOf(1, ++number), now).Record;

    [Benchmark]
    public byte[] Encode_a_command() => BoardEntries.SessionPayload(Next(), number);

    [Benchmark]
    public object? Encode_and_apply_an_entry() =>
        state.Apply(entries.Next(BoardEntries.SessionPayload(Next(), number))).Subscription;

    [Benchmark]
    public bool Read_a_row() => state.Board.TryRead(0, BenchIds.Person(Next()), out _);

    [Benchmark]
    public void Arm() => wheel.Arm(Next(), new Instant(now.Ticks + number));

    private int Next() => number = (number + 7919) % People;
}
