using System.Runtime.CompilerServices;
using OpenPresence.Engine;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.State.Machine;

/// <summary>
/// A node's state at one position, written at leisure while the node goes on; and read back at a start.
/// Canonical: nodes that applied the same entries write the same bytes. Layout: a head (version, position,
/// instant, rules, clock, seed, people), the frames of the directory, of the revoked sign-ins and of the subscriptions,
/// then the board's rows in order as frames, free rows as an empty id.
/// </summary>
public sealed class NodeCut(
    long position,
    Instant at,
    int rulesVersion,
    NodeClock.Setting clock,
    byte[] seedHash,
    DirectoryCut directory,
    RevokedSignIns revoked,
    SubscriptionCut subscriptions,
    PersonRows.Cut rows,
    TenantNumbers tenants,
    int people
) : IDisposable
{
    /// <summary>The layout's version; another one is refused with a sentence.</summary>
    public const uint FormatVersion = 3;

    /// <summary>The last entry that is contained.</summary>
    public long Position => position;

    /// <summary>That entry's instant.</summary>
    public Instant At => at;

    /// <summary>Writes the whole.</summary>
    public void WriteTo(Stream output, CancellationToken cancel)
    {
        var head = new FrameWriter(output);
        head.Values.Number(FormatVersion);
        head.Values.Long(position);
        head.Values.Long(at.Ticks);
        head.Values.Number((uint)rulesVersion);
        NodeClock.Write(head.Values, clock);
        head.Values.Bytes(seedHash);
        head.Values.Number((uint)people);
        head.End();
        directory.WriteTo(output);
        revoked.WriteTo(output);
        subscriptions.WriteTo(output, cancel);
        var frames = new FrameWriter(output);
        for (var row = 0; row < rows.Count; row++)
        {
            cancel.ThrowIfCancellationRequested();
            WriteRow(frames.Values, row);
            frames.FlushIfFull();
        }
        frames.End();
    }

    private void WriteRow(PackedWriter output, int number)
    {
        ref readonly var row = ref rows[number];
        output.Id(row.Id);
        if (row.Id == Guid.Empty)
        {
            return;
        }
        output.Id(tenants.IdOf(row.Tenant));
        output.Long(row.Sequence);
        output.Long(row.SinceTicks);
        output.Number(row.LastSeenSeconds);
        output.Byte(row.Pair);
        output.Byte((byte)rows.FlagsOf(number));
        RecordCodec.Write(output, rows.RecordOf(number));
    }

    /// <summary>Fills a new state from what <see cref="WriteTo"/> wrote.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static void ReadInto(NodeState state, Stream input, CancellationToken cancel)
    {
        var head = new PackedReader(new FrameReader(input).Single());
        if (head.Number() != FormatVersion)
        {
            throw new InvalidDataException(
                $"The snapshot's format is not version {FormatVersion}: it was written by another version of this program."
            );
        }
        var position = head.Long();
        var at = RecordCodec.ReadInstant(ref head);
        var rules = (int)head.Number();
        var clock = NodeClock.Read(ref head);
        var seedHash = head.TextBytes().ToArray();
        var people = (int)head.Number();
        if (!head.AtEnd)
        {
            throw PackedReader.Broken();
        }
        state.Restore(position, at, rules, clock, seedHash, people);
        state.Directory.ReadFrom(input);
        state.Restore(RevokedSignIns.ReadFrom(input));
        SubscriptionCut.ReadInto(state.Subscriptions, input, cancel);
        ReadRows(state.Board, new FrameReader(input), cancel);
        if (state.Board.People != people)
        {
            throw PackedReader.Broken();
        }
    }

    /// <summary>Most of a start; so it is compiled for good at once, and not after some hundred thousand rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadRows(PresenceBoard board, FrameReader frames, CancellationToken cancel)
    {
        for (var frame = frames.Next(); !frame.IsEmpty; frame = frames.Next())
        {
            cancel.ThrowIfCancellationRequested();
            var input = new PackedReader(frame);
            while (!input.AtEnd)
            {
                ReadRow(board, ref input);
            }
            board.EnterRestored();
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ReadRow(PresenceBoard board, ref PackedReader input)
    {
        var row = new PersonRow { Id = input.Id() };
        if (row.Id == Guid.Empty)
        {
            board.RestoreFree();
            return;
        }
        var tenantId = input.Id();
        row.Sequence = input.Long();
        row.SinceTicks = RecordCodec.ReadInstant(ref input).Ticks;
        row.LastSeenSeconds = input.Number();
        row.Pair = input.Byte();
        var flags = (PersonFlags)input.Byte();
        board.Restore(row, tenantId, flags, RecordCodec.Read(ref input));
    }

    /// <inheritdoc />
    public void Dispose()
    {
        rows.Dispose();
        subscriptions.Dispose();
    }
}
