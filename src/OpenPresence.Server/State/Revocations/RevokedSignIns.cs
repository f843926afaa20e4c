using System.Collections.Immutable;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Revocations;

/// <summary>
/// Which sign-ins ended before their time. Codes, refresh tokens and browser sessions say themselves what they stand for and
/// at which position of the journal they were made; so nothing is remembered of one that is good, and one that was made before
/// a revocation's position is none any more. Positions, unlike clocks, are the same on every node.
/// </summary>
/// <remarks>
/// Immutable: a reader and a snapshot hold one exact moment without stopping the writer. Full, the oldest revocation makes
/// way, and with it end all sign-ins before it: a revocation is never forgotten.
/// </remarks>
public sealed class RevokedSignIns
{
    /// <summary>How many revocations are told apart. Part of the rules of the state machine, so it is no setting.</summary>
    public const int RevocationsMax = 10_000;

    private readonly long _allBefore;
    private readonly ImmutableDictionary<Revocation, long> _positions;

    private RevokedSignIns(long allBefore, ImmutableDictionary<Revocation, long> positions) =>
        (_allBefore, _positions) = (allBefore, positions);

    /// <summary>None at all.</summary>
    public static RevokedSignIns None { get; } = new(0, []);

    /// <summary>Every sign-in before a position.</summary>
    public static RevokedSignIns AllBefore(long position) => new(position, []);

    /// <summary>Whether what was made for a sign-in at a position is good no more.</summary>
    public bool Contains(Guid personId, Guid clientId, Guid sessionId, long madeAt) =>
        madeAt < _allBefore
        || madeAt < PositionOf(new(personId, default))
        || madeAt < PositionOf(new(default, clientId))
        || madeAt < PositionOf(new(personId, clientId))
        || madeAt < PositionOf(new(default, default, sessionId));

    /// <summary>The same with one more.</summary>
    public RevokedSignIns With(Revocation revocation, long position)
    {
        if (revocation == default)
        {
            return AllBefore(position);
        }

        var positions = _positions.SetItem(revocation, position);
        if (positions.Count <= RevocationsMax)
        {
            return new(_allBefore, positions);
        }

        var oldest = positions.MinBy(entry => entry.Value);
        return new(oldest.Value, positions.Remove(oldest.Key));
    }

    /// <summary>Writes all of it; the stream stays open. Equal states write equal bytes.</summary>
    public void WriteTo(Stream output)
    {
        var frames = new FrameWriter(output);
        frames.Values.Long(_allBefore);
        foreach (var (revocation, position) in _positions.OrderBy(entry => entry.Value))
        {
            frames.Values.Long(position);
            revocation.Write(frames.Values);
            frames.FlushIfFull();
        }

        frames.End();
    }

    /// <summary>What <see cref="WriteTo"/> wrote; takes exactly its own bytes from the stream.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static RevokedSignIns ReadFrom(Stream input)
    {
        var frames = new FrameReader(input);
        long? allBefore = null;
        var positions = ImmutableDictionary.CreateBuilder<Revocation, long>();
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            var values = new PackedReader(frame);
            allBefore ??= values.Long();
            while (!values.AtEnd)
            {
                var position = values.Long();
                positions[Revocation.Read(ref values)] = position;
            }
        }

        return allBefore is { } before && positions.Count <= RevocationsMax
            ? new(before, positions.ToImmutable())
            : throw PackedReader.Broken();
    }

    private long PositionOf(Revocation revocation) => _positions.GetValueOrDefault(revocation);
}
