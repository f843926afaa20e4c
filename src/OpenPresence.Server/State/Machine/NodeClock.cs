using OpenPresence.Engine;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Machine;

/// <summary>
/// The clock that stamps entries: the system's, or in development one that was moved. Moving it is an
/// entry of the journal (<see cref="EntryKind.MoveClock"/>), so it survives a restart like everything else.
/// The system clock enters the server here, through <see cref="TimeProvider"/>, and nowhere else.
/// </summary>
public sealed class NodeClock(TimeProvider time)
{
    private Setting setting = new(TimeSpan.Zero, null);

    /// <summary>What a MoveClock entry says.</summary>
    /// <param name="Offset">How far the clock is ahead of the system's; may be negative.</param>
    /// <param name="FrozenAt">Where it stands still; null: it runs.</param>
    public sealed record Setting(TimeSpan Offset, Instant? FrozenAt);

    /// <summary>How the clock is set.</summary>
    public Setting Current => Volatile.Read(ref setting);

    /// <summary>
    /// How far the clock that stamps entries is ahead of this machine's, where a database does it; null: this machine's does.
    /// </summary>
    public Func<TimeSpan>? Ahead { private get; set; }

    /// <summary>The instant that an entry appended now is stamped with, at the earliest.</summary>
    public Instant Now =>
        Current is var current && current.FrozenAt is { } frozen
            ? frozen
            : Instant.From(time.GetUtcNow()) + Current.Offset + (Ahead?.Invoke() ?? TimeSpan.Zero);

    /// <summary>Applies a MoveClock entry.</summary>
    public void Apply(Setting moved) => Volatile.Write(ref setting, moved);

    internal static void Write(Serialization.PackedWriter output, Setting moved)
    {
        output.Long(moved.Offset.Ticks);
        RecordCodec.WriteOptional(output, moved.FrozenAt);
    }

    internal static Setting Read(ref Serialization.PackedReader input) =>
        new(new TimeSpan(input.Long()), RecordCodec.ReadOptional(ref input));
}
