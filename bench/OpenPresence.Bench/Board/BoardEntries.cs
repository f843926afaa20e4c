using OpenPresence.Bench.Load;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Bench.Board;

/// <summary>A journal's entries, made as they are needed: people of whom the ids are known, one session each.</summary>
internal sealed class BoardEntries
{
    public static readonly TimeSpan SessionDuration = TimeSpan.FromHours(4);

    private static readonly PresencePair[] Pairs =
    [
        new(Availability.Busy, Activity.InACall),
        new(Availability.Busy, Activity.InAConferenceCall),
        new(Availability.Away, Activity.Away),
        new(Availability.DoNotDisturb, Activity.Presenting),
    ];

    private long position;

    public Instant Now { get; set; } = Instant.From(TimeProvider.System.GetUtcNow());

    /// <summary>
    /// A state of so many people, all of one tenant, after two entries for each of <paramref name="turns"/>: with fewer
    /// people they come by turns.
    /// </summary>
    public static (NodeState State, BoardEntries Entries) Fill(int people, int turns)
    {
        var state = new NodeState(new NodeClock(TimeProvider.System));
        var entries = new BoardEntries();
        state.Apply(entries.Next(TenantPayload));
        for (var i = 0; i < turns; i++)
        {
            state.Apply(entries.Next(KnownPayload(i % people)));
            state.Apply(entries.Next(SessionPayload(i % people, i / people)));
        }
        return (state, entries);
    }

    public static byte[] TenantPayload { get; } =
        EntryPayload.Of(new TenantUpserted(new Tenant(Population.TenantId, "Bench", ["contoso.example"])));

    public static byte[] KnownPayload(int number) =>
        EntryPayload.Of(new PersonKnown(BenchIds.Person(number), Population.TenantId));

    /// <summary>A status message that vanishes in the evening.</summary>
    public static byte[] MessagePayload(int number) =>
        EntryPayload.Of(
            BenchIds.Person(number),
            new SetStatusMessage(
                $"In the workshop until four, room {number}",
                Instant.From(TimeProvider.System.GetUtcNow()) + SessionDuration
            )
        );

    /// <summary>A session, each round with another pair, so that readers see a difference.</summary>
    public static byte[] SessionPayload(int number, int round) =>
        EntryPayload.Of(BenchIds.Person(number), SessionOf(number, round));

    public static SetPresence SessionOf(int number, int round) =>
        new(Population.ClientId, Pairs[(number + round) % Pairs.Length], SessionDuration);

    public Entry Next(byte[] payload) => new(++position, Now, Guid.Empty, payload);
}
