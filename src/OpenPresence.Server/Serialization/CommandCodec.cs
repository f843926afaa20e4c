using OpenPresence.Engine;

namespace OpenPresence.Server.Serialization;

/// <summary>
/// Commands as bytes and back, for the journal. Tags are part of the file format: append, never renumber.
/// Durations and instants are ticks of 100 ns, pairs are two bytes.
/// </summary>
internal static class CommandCodec
{
    private enum Tag : byte
    {
        SetPresence = 1,
        ClearPresence = 2,
        ReportDevice = 3,
        RemoveDevice = 4,
        SetUserPreferredPresence = 5,
        ClearUserPreferredPresence = 6,
        SetStatusMessage = 7,
        SetManualLocation = 8,
        SetAutomaticLocation = 9,
        ClearAutomaticLocation = 10,
        ClearLocation = 11,
        SetCalendar = 12,
        SetAutomaticReplies = 13,
        SignOut = 14,
    }

    /// <summary>Appends a command's bytes.</summary>
    public static void Write(PackedWriter output, PresenceCommand command)
    {
        switch (command)
        {
            case SetPresence c:
                output.Byte((byte)Tag.SetPresence);
                WriteSession(output, c.ApplicationId, c.Pair, c.Duration);
                break;
            case ClearPresence c:
                output.Byte((byte)Tag.ClearPresence);
                output.Id(c.ApplicationId);
                break;
            case ReportDevice c:
                output.Byte((byte)Tag.ReportDevice);
                WriteSession(output, c.DeviceId, c.Pair, c.Duration);
                break;
            case RemoveDevice c:
                output.Byte((byte)Tag.RemoveDevice);
                output.Id(c.DeviceId);
                break;
            case SetUserPreferredPresence c:
                output.Byte((byte)Tag.SetUserPreferredPresence);
                RecordCodec.WritePair(output, c.Pair);
                output.Long(c.Duration.Ticks);
                break;
            case ClearUserPreferredPresence:
                output.Byte((byte)Tag.ClearUserPreferredPresence);
                break;
            default:
                WriteFacts(output, command);
                break;
        }
    }

    /// <summary>The command that the rest of the bytes say.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    public static PresenceCommand Read(ref PackedReader input)
    {
        var tag = (Tag)input.Byte();
        return tag switch
        {
            Tag.SetPresence => new SetPresence(input.Id(), RecordCodec.ReadPair(ref input), new TimeSpan(input.Long())),
            Tag.ClearPresence => new ClearPresence(input.Id()),
            Tag.ReportDevice => new ReportDevice(
                input.Id(),
                RecordCodec.ReadPair(ref input),
                new TimeSpan(input.Long())
            ),
            Tag.RemoveDevice => new RemoveDevice(input.Id()),
            Tag.SetUserPreferredPresence => new SetUserPreferredPresence(
                RecordCodec.ReadPair(ref input),
                new TimeSpan(input.Long())
            ),
            Tag.ClearUserPreferredPresence => new ClearUserPreferredPresence(),
            _ => ReadFacts(tag, ref input),
        };
    }

    private static void WriteFacts(PackedWriter output, PresenceCommand command)
    {
        switch (command)
        {
            case SetStatusMessage c:
                output.Byte((byte)Tag.SetStatusMessage);
                output.Text(c.Content);
                RecordCodec.WriteOptional(output, c.ExpiresAt);
                break;
            case SetManualLocation c:
                output.Byte((byte)Tag.SetManualLocation);
                RecordCodec.WriteLocation(output, new(c.Type, c.PlaceId, c.ExpiresAt));
                break;
            case SetAutomaticLocation c:
                output.Byte((byte)Tag.SetAutomaticLocation);
                RecordCodec.WriteLocation(output, new(c.Type, c.PlaceId, c.ExpiresAt));
                break;
            case ClearAutomaticLocation:
                output.Byte((byte)Tag.ClearAutomaticLocation);
                break;
            case ClearLocation:
                output.Byte((byte)Tag.ClearLocation);
                break;
            case SignOut:
                output.Byte((byte)Tag.SignOut);
                break;
            case SetCalendar c:
                output.Byte((byte)Tag.SetCalendar);
                RecordCodec.WriteCalendar(output, c.Spans);
                break;
            case SetAutomaticReplies c:
                output.Byte((byte)Tag.SetAutomaticReplies);
                RecordCodec.WriteReplies(output, c.Replies);
                break;
            default:
                throw new NotSupportedException($"No bytes for {command.GetType().Name}.");
        }
    }

    private static PresenceCommand ReadFacts(Tag tag, ref PackedReader input)
    {
        switch (tag)
        {
            case Tag.SetStatusMessage:
                return new SetStatusMessage(input.Text(), RecordCodec.ReadOptional(ref input));
            case Tag.SetManualLocation:
                var manual = RecordCodec.ReadLocation(ref input);
                return new SetManualLocation(manual.Type, manual.PlaceId, manual.ExpiresAt);
            case Tag.SetAutomaticLocation:
                var automatic = RecordCodec.ReadLocation(ref input);
                return new SetAutomaticLocation(automatic.Type, automatic.PlaceId, automatic.ExpiresAt);
            case Tag.ClearAutomaticLocation:
                return new ClearAutomaticLocation();
            case Tag.ClearLocation:
                return new ClearLocation();
            case Tag.SignOut:
                return new SignOut();
            case Tag.SetCalendar:
                return new SetCalendar(RecordCodec.ReadCalendar(ref input));
            case Tag.SetAutomaticReplies:
                return new SetAutomaticReplies(RecordCodec.ReadReplies(ref input));
            default:
                throw PackedReader.Broken();
        }
    }

    private static void WriteSession(PackedWriter output, Guid key, PresencePair pair, TimeSpan duration)
    {
        output.Id(key);
        RecordCodec.WritePair(output, pair);
        output.Long(duration.Ticks);
    }
}
