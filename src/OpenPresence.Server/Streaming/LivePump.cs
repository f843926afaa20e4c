using System.Buffers;
using System.IO.Pipelines;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// Writes one stream to its connection: what waits in its mailbox, or, when it is behind, what the feed still
/// holds, or else what the board says. An event carries an id only when everything before it in the order has been
/// told, so that a client that connects again with the last id it saw misses nothing.
/// </summary>
internal sealed class LivePump(LiveFanOut fanOut, LiveStream stream, PipeWriter output, CancellationToken cancel)
{
    /// <summary>Stands for a number that the feed no longer holds.</summary>
    public const long Gone = -1;

    private const int ChunkMax = 64;

    private LivePlace told;

    /// <summary>Writes until the stream ends.</summary>
    /// <param name="begin">Where the order stood when the stream was opened, or the place it goes on after.</param>
    /// <param name="tellsState">Whether the present state comes first.</param>
    public async Task RunAsync(LivePlace begin, bool tellsState)
    {
        told = begin;
        output.Write(LiveText.Opening);
        if (tellsState)
        {
            await TellStateAsync(sincePosition: null);
            LiveText.Ready(output, begin);
        }
        await FlushAsync();
        while (stream.Ended is null)
        {
            if (TellWaiting())
            {
                await FlushAsync();
                continue;
            }
            if (stream.FellBehind is { } behind)
            {
                await CatchUpAsync(behind);
            }
            if (stream.TakeBeat())
            {
                Beat();
            }
            if (output.UnflushedBytes > 0)
            {
                await FlushAsync();
            }
            await stream.WaitAsync();
        }
        if (stream.Ended != LiveEnd.Gone)
        {
            LiveText.End(output, stream.Ended);
            await FlushAsync();
        }
    }

    /// <summary>Writes what waits; true: the connection has had enough for now, and there is more.</summary>
    private bool TellWaiting()
    {
        while (stream.TryTake(out var number))
        {
            if (fanOut.Find(number) is not { } found)
            {
                stream.FallBehind(new(number, null));
                return false;
            }
            Tell(found);
            if (output.UnflushedBytes > LiveLimits.UnflushedBytesMax)
            {
                return true;
            }
        }
        return false;
    }

    private void Tell(LiveEvent told)
    {
        output.Write(told.Bytes(stream.Scope.Schema));
        this.told = told.Place;
    }

    private async Task CatchUpAsync(LiveStream.Behind behind)
    {
        var (number, place) = (behind.Number, behind.Place);
        var chunk = ArrayPool<Change>.Shared.Rent(ChunkMax);
        try
        {
            while (stream.Ended is null && !fanOut.TryCatchUp(stream, number))
            {
                if (
                    number == Gone
                    || !TryPlace(ref place, number)
                    || !fanOut.Feed.TryCopy(number, chunk.AsSpan(0, ChunkMax), out var count)
                )
                {
                    (number, place) = await ResyncAsync(behind.Place ?? told);
                    continue;
                }
                for (var i = 0; i < count; i++)
                {
                    place = place!.Value.Next(Sequence.Position(chunk[i].Sequence));
                    if (IsWanted(chunk[i]) && LiveEvent.Of(fanOut.Board, chunk[i], number, place.Value) is { } missed)
                    {
                        Tell(missed);
                    }
                    number++;
                }
                told = place!.Value;
                await FlushIfLongAsync();
            }
        }
        finally
        {
            ArrayPool<Change>.Shared.Return(chunk);
        }
    }

    private bool TryPlace(ref LivePlace? place, long number)
    {
        if (place is null && LiveSearch.TryPlaceBefore(fanOut.Feed, number, out var found))
        {
            place = found;
        }
        return place is not null;
    }

    private bool IsWanted(in Change change) =>
        change.Tenant == stream.Scope.Tenant
        && (stream.Scope.Ids is not { } ids || Array.BinarySearch(ids, change.PersonId) >= 0);

    /// <summary>Tells everybody who changed since a place as they are now, each once; then the feed goes on.</summary>
    private async Task<(long Number, LivePlace? Place)> ResyncAsync(LivePlace since)
    {
        var here = fanOut.Here();
        LiveText.Resync(output);
        // Of the place's own entry some changes may have been told: then they are told again.
        var position = since.Index == LivePlace.All ? since.Position : since.Position - 1;
        await TellStateAsync(position);
        LiveText.Mark(output, here.Place!.Value);
        told = here.Place!.Value;
        return (here.Number, here.Place);
    }

    /// <summary>Tells people as they are now; those who changed after a position, or everybody.</summary>
    private Task TellStateAsync(long? sincePosition) =>
        stream.Scope.Ids is { } ids ? TellAsync(ids, sincePosition) : TellTenantAsync(sincePosition);

    private async Task TellAsync(Guid[] ids, long? sincePosition)
    {
        var (tenant, schema) = (stream.Scope.Tenant, stream.Scope.Schema);
        foreach (var id in ids)
        {
            if (!fanOut.Board.TryRead(tenant, id, out var view))
            {
                if (sincePosition is null)
                {
                    LiveText.Unknown(output, id, schema);
                }
                else
                {
                    LiveText.Removed(output, id);
                }
            }
            else if (sincePosition is not { } since || Sequence.Position(view.Sequence) > since)
            {
                LiveText.Presence(output, view, schema);
            }
            await FlushIfLongAsync();
        }
    }

    private async Task TellTenantAsync(long? sincePosition)
    {
        var tenant = stream.Scope.Tenant;
        var found = ArrayPool<PersonEntry>.Shared.Rent(ChunkMax);
        var row = 0;
        try
        {
            while (
                stream.Ended is null
                && fanOut.Board.ChangedSince(tenant, sincePosition ?? -1, ref row, found) is > 0 and var count
            )
            {
                for (var i = 0; i < count; i++)
                {
                    if (fanOut.Board.TryRead(tenant, found[i].Id, out var view))
                    {
                        LiveText.Presence(output, view, stream.Scope.Schema);
                        await FlushIfLongAsync();
                    }
                }
            }
        }
        finally
        {
            ArrayPool<PersonEntry>.Shared.Return(found);
        }
    }

    private void Beat()
    {
        // Read before the mailbox is looked at: what was put in up to there and is gone from it has been told.
        var completed = fanOut.Completed;
        if (stream.IsDrained && completed >= told.Position)
        {
            told = new LivePlace(completed, LivePlace.All);
            LiveText.Mark(output, told);
        }
        else
        {
            LiveText.Beat(output);
        }
    }

    private ValueTask FlushIfLongAsync() =>
        output.UnflushedBytes > LiveLimits.UnflushedBytesMax ? FlushAsync() : default;

    private async ValueTask FlushAsync()
    {
        var flush = output.FlushAsync(cancel);
        if (!flush.IsCompleted)
        {
            stream.StalledSince = fanOut.Timestamp;
        }
        var flushed = await flush;
        stream.StalledSince = 0;
        if (flushed.IsCompleted)
        {
            stream.End(LiveEnd.Gone);
        }
    }
}
