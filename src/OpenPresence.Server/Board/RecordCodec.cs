using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Directory;

namespace OpenPresence.Server.Board;

/// <summary>
/// A presence record as bytes and back, for snapshots; its parts serve the commands too. The order of the
/// parts is the file format; a new part goes to the end under a new snapshot version.
/// </summary>
internal static class RecordCodec
{
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
        output.Byte((byte)(record.Preferred is null ? 0 : 1));
        if (record.Preferred is { } preferred)
        {
            WritePair(output, preferred.Pair);
            output.Long(preferred.SetAt.Ticks);
            output.Long(preferred.ExpiresAt.Ticks);
        }
        output.Byte((byte)(record.StatusMessage is null ? 0 : 1));
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
        var sessions = ImmutableArray.CreateBuilder<Session>();
        for (var left = input.Number(); left > 0; left--)
        {
            sessions.Add(
                new Session(
                    (SessionKind)Known(input.Byte(), (byte)SessionKind.Device),
                    input.Id(),
                    ReadPair(ref input),
                    new Instant(input.Long()),
                    new Instant(input.Long())
                )
            );
        }
        return new PresenceRecord
        {
            Sessions = sessions.DrainToImmutable(),
            Preferred =
                input.Byte() == 0
                    ? null
                    : new PreferredPresence(
                        ReadPair(ref input),
                        new Instant(input.Long()),
                        new Instant(input.Long())
                    ),
            StatusMessage =
                input.Byte() == 0
                    ? null
                    : new StatusMessage(
                        input.Text(),
                        new Instant(input.Long()),
                        ReadOptional(ref input)
                    ),
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
        output.Byte((byte)(at is null ? 0 : 1));
        if (at is { } known)
        {
            output.Long(known.Ticks);
        }
    }

    public static Instant? ReadOptional(ref PackedReader input) =>
        input.Byte() == 0 ? null : new Instant(input.Long());

    public static void WriteLocation(PackedWriter output, LocationSignal signal)
    {
        output.Byte((byte)signal.Type);
        output.OptionalText(signal.PlaceId);
        output.Long(signal.ExpiresAt.Ticks);
    }

    public static LocationSignal ReadLocation(ref PackedReader input) =>
        new(ReadPlace(ref input), input.OptionalText(), new Instant(input.Long()));

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
        var spans = ImmutableArray.CreateBuilder<CalendarSpan>();
        for (var left = input.Number(); left > 0; left--)
        {
            spans.Add(
                new CalendarSpan(
                    (CalendarSpanKind)Known(input.Byte(), (byte)CalendarSpanKind.Place),
                    new Instant(input.Long()),
                    new Instant(input.Long()),
                    ReadPlace(ref input),
                    input.OptionalText()
                )
            );
        }
        return spans.DrainToImmutable();
    }

    public static void WriteReplies(PackedWriter output, AutomaticReplies? replies)
    {
        output.Byte((byte)(replies is null ? 0 : 1));
        if (replies is not null)
        {
            WriteOptional(output, replies.StartAt);
            WriteOptional(output, replies.EndAt);
            output.OptionalText(replies.Message);
        }
    }

    public static AutomaticReplies? ReadReplies(ref PackedReader input) =>
        input.Byte() == 0
            ? null
            : new AutomaticReplies(
                ReadOptional(ref input),
                ReadOptional(ref input),
                input.OptionalText()
            );

    private static WorkLocationType ReadPlace(ref PackedReader input) =>
        (WorkLocationType)Known(input.Byte(), (byte)WorkLocationType.TimeOff);

    /// <summary>A number of an enum that this program knows; a newer program may have added some.</summary>
    private static byte Known(byte number, byte last) =>
        number <= last ? number : throw PackedReader.Broken();

    private static void WriteSignal(PackedWriter output, LocationSignal? signal)
    {
        output.Byte((byte)(signal is null ? 0 : 1));
        if (signal is not null)
        {
            WriteLocation(output, signal);
        }
    }

    private static LocationSignal? ReadSignal(ref PackedReader input) =>
        input.Byte() == 0 ? null : ReadLocation(ref input);
}
