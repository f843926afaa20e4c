using OpenPresence.Server.Journal.Appending;

namespace OpenPresence.Server.Journal.Postgres;

/// <summary>Makes a batch of what waits: leaves out ids that are known, and numbers the rest as a guess.</summary>
/// <param name="ids">The ids of all entries that this node has read.</param>
/// <param name="bytesMax">Room for a batch.</param>
internal sealed class BatchEncoder(CommandIdWindow ids, int bytesMax)
{
    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(bytesMax, pinned: true);

    /// <summary>Appenders whose ids were known; the code that answers the batch tells them and clears it.</summary>
    public List<IAppender> Repeated { get; } = [];

    /// <summary>
    /// Takes as many as fit, and says how many those are. Claims their ids: the batch has to be confirmed or
    /// released before the next.
    /// </summary>
    public (OwnBatch Batch, int Taken) Encode(ReadOnlySpan<PendingAppend> waiting, long position)
    {
        var entries = new Entry[Math.Min(waiting.Length, AppendQueue.BatchEntriesMax)];
        foreach (ref readonly var append in waiting[..entries.Length])
        {
            ids.Prefetch(append.CommandId);
        }

        var (taken, count, bytes) = (0, 0, 0);
        var companions = false;
        for (; taken < entries.Length; taken++)
        {
            ref readonly var append = ref waiting[taken];
            if (bytes + BatchCodec.BytesOf(append.Payload.Length) > _buffer.Length)
            {
                break;
            }

            if (IsNew(append, position + count + 1))
            {
                bytes += BatchCodec.Write(_buffer.AsSpan(bytes), append.CommandId, append.Payload.Span);
                entries[count] = new Entry(
                    position + ++count,
                    default,
                    append.CommandId,
                    append.Payload,
                    append.Companion
                );
                companions |= append.Companion is not null;
            }
        }

        var all = count == entries.Length ? entries : entries[..count];
        var batch = new OwnBatch(Guid.NewGuid(), all, _buffer.AsMemory(0, bytes), companions);
        return (batch, taken);
    }

    /// <summary>Moves the positions that callers will be told when the batch came to stand elsewhere.</summary>
    public static void Move(ReadOnlySpan<PendingAppend> answered, long guessed, long first)
    {
        if (first == guessed)
        {
            return;
        }

        foreach (ref readonly var append in answered)
        {
            if (append.Waiter is { } waiter && waiter.Outcome.Position >= guessed)
            {
                var outcome = waiter.Outcome;
                waiter.Outcome = outcome with { Position = outcome.Position - guessed + first };
            }
        }
    }

    private bool IsNew(in PendingAppend append, long position)
    {
        var isNew = ids.TryClaim(append.CommandId, position, out var known);
        if (append.Waiter is { } waiter)
        {
            waiter.Outcome = new Appended(known, !isNew);
        }
        else if (!isNew)
        {
            Repeated.Add((IAppender)append.Companion!);
        }

        return isNew;
    }
}
