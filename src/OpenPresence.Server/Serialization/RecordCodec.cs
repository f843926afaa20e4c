using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OpenPresence.Engine;

namespace OpenPresence.Server.Serialization;

/// <summary>
/// A presence record as bytes and back, for snapshots; its parts serve the commands too. The order of the
/// parts is the file format; a new part goes to the end under a new snapshot version.
/// </summary>
internal static class RecordCodec
{
    private const int SessionBytes = 1 + 16 + 2 + 8 + 8;
    private const int SpanBytesMin = 1 + 8 + 8 + 1 + 1;

    /// <summary>Appends a record's bytes.</summary>
    public static void Write(PackedWriter output, PresenceRecord record)
    {
        output.Number((uint)record.Sessions.Length);
        foreach (var session in record.Sessions)
        {
            output.Byte((byte)session.Kind);
            output.Id(session.Key);
            WritePair(output, session.Pair);
            output.Long(session.SetAt.Ticks);
            output.Long(session.ExpiresAt.Ticks);
        }
        output.Flag(record.Preferred is not null);
        if (record.Preferred is { } preferred)
        {
            WritePair(output, preferred.Pair);
            output.Long(preferred.SetAt.Ticks);
            output.Long(preferred.ExpiresAt.Ticks);
        }
        output.Flag(record.StatusMessage is not null);
        if (record.StatusMessage is { } status)
        {
            output.Text(status.Content);
            output.Long(status.PublishedAt.Ticks);
            WriteOptional(output, status.ExpiresAt);
        }
        WriteCalendar(output, record.Calendar);
        WriteReplies(output, record.AutomaticReplies);
        WriteSignal(output, record.ManualLocation);
        WriteSignal(output, record.AutomaticLocation);
    }

    /// <summary>The record that the bytes say.</summary>
    public static PresenceRecord Read(ref PackedReader input)
    {
        return new PresenceRecord
        {
            Sessions = ReadSessions(ref input),
            Preferred = input.Flag()
                ? new PreferredPresence(ReadPair(ref input), ReadInstant(ref input), ReadInstant(ref input))
                : null,
            StatusMessage = input.Flag()
                ? new StatusMessage(input.Text(), ReadInstant(ref input), ReadOptional(ref input))
                : null,
            Calendar = ReadCalendar(ref input),
            AutomaticReplies = ReadReplies(ref input),
            ManualLocation = ReadSignal(ref input),
            AutomaticLocation = ReadSignal(ref input),
        };
    }

    public static void WritePair(PackedWriter output, PresencePair pair)
    {
        output.Byte((byte)pair.Availability);
        output.Byte((byte)pair.Activity);
    }

    public static PresencePair ReadPair(ref PackedReader input) =>
        new(
            (Availability)Known(input.Byte(), (byte)Availability.Offline),
            (Activity)Known(input.Byte(), (byte)Activity.UrgentInterruptionsOnly)
        );

    public static void WriteOptional(PackedWriter output, Instant? at)
    {
        output.Flag(at is not null);
        if (at is { } known)
        {
            output.Long(known.Ticks);
        }
    }

    public static Instant? ReadOptional(ref PackedReader input) => input.Flag() ? ReadInstant(ref input) : null;

    public static void WriteLocation(PackedWriter output, LocationSignal signal)
    {
        output.Byte((byte)signal.Type);
        output.OptionalText(signal.PlaceId);
        output.Long(signal.ExpiresAt.Ticks);
    }

    public static LocationSignal ReadLocation(ref PackedReader input) =>
        new(ReadPlace(ref input), input.OptionalText(), ReadInstant(ref input));

    public static void WriteCalendar(PackedWriter output, ImmutableArray<CalendarSpan> spans)
    {
        output.Number((uint)spans.Length);
        foreach (var span in spans)
        {
            output.Byte((byte)span.Kind);
            output.Long(span.StartAt.Ticks);
            output.Long(span.EndAt.Ticks);
            output.Byte((byte)span.Location);
            output.OptionalText(span.PlaceId);
        }
    }

    public static ImmutableArray<CalendarSpan> ReadCalendar(ref PackedReader input)
    {
        var spans = new CalendarSpan[ReadCount(ref input, SpanBytesMin)];
        foreach (ref var span in spans.AsSpan())
        {
            span = new CalendarSpan(
                (CalendarSpanKind)Known(input.Byte(), (byte)CalendarSpanKind.Place),
                ReadInstant(ref input),
                ReadInstant(ref input),
                ReadPlace(ref input),
                input.OptionalText()
            );
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(spans);
    }

    public static void WriteReplies(PackedWriter output, AutomaticReplies? replies)
    {
        output.Flag(replies is not null);
        if (replies is not null)
        {
            WriteOptional(output, replies.StartAt);
            WriteOptional(output, replies.EndAt);
            output.OptionalText(replies.Message);
        }
    }

    public static AutomaticReplies? ReadReplies(ref PackedReader input) =>
        input.Flag()
            ? new AutomaticReplies(ReadOptional(ref input), ReadOptional(ref input), input.OptionalText())
            : null;

    private static WorkLocationType ReadPlace(ref PackedReader input) =>
        (WorkLocationType)Known(input.Byte(), (byte)WorkLocationType.TimeOff);

    /// <summary>An instant of the calendar; anything else would overflow somewhere later.</summary>
    public static Instant ReadInstant(ref PackedReader input)
    {
        var ticks = input.Long();
        return ticks >= 0 && ticks <= Instant.Never.Ticks ? new Instant(ticks) : throw PackedReader.Broken();
    }

    private static ImmutableArray<Session> ReadSessions(ref PackedReader input)
    {
        var count = ReadCount(ref input, SessionBytes);
        if (count == 0)
        {
            return [];
        }
        var sessions = new Session[count];
        foreach (ref var session in sessions.AsSpan())
        {
            session = new Session(
                (SessionKind)Known(input.Byte(), (byte)SessionKind.Device),
                input.Id(),
                ReadPair(ref input),
                ReadInstant(ref input),
                ReadInstant(ref input)
            );
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(sessions);
    }

    /// <summary>How many follow; as many as the bytes can hold, so that no more is allocated.</summary>
    private static int ReadCount(ref PackedReader input, int bytesEach)
    {
        var count = input.Number();
        return count <= input.BytesLeft / bytesEach ? (int)count : throw PackedReader.Broken();
    }

    /// <summary>A number of an enum that this program knows; a newer program may have added some.</summary>
    private static byte Known(byte number, byte last) => number <= last ? number : throw PackedReader.Broken();

    private static void WriteSignal(PackedWriter output, LocationSignal? signal)
    {
        output.Flag(signal is not null);
        if (signal is not null)
        {
            WriteLocation(output, signal);
        }
    }

    private static LocationSignal? ReadSignal(ref PackedReader input) => input.Flag() ? ReadLocation(ref input) : null;
}
