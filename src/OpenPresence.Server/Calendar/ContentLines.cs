using System.Buffers;
using System.Text;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// The properties of a calendar's bytes, in order. Long ones are folded: a line that begins with a blank
/// continues the one before. Folds are undone on the bytes, before they are read as UTF-8, because some programs
/// fold in the middle of a character.
/// </summary>
public static class ContentLines
{
    private static readonly UTF8Encoding Utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>Reads line by line; what is no property becomes a fault and is left out.</summary>
    public static IEnumerable<ContentLine> Read(ReadOnlyMemory<byte> body, CalendarFaults faults)
    {
        var rest = body.Span.StartsWith("\uFEFF"u8) ? body[3..] : body;
        var unfolded = new ArrayBufferWriter<byte>(256);
        var (number, began) = (1, 1);
        while (!rest.IsEmpty)
        {
            var line = TakeLine(ref rest);
            unfolded.Write(line.Span);
            number++;
            if (!rest.IsEmpty && rest.Span[0] is (byte)' ' or (byte)'\t')
            {
                rest = rest[1..];
                continue;
            }
            if (unfolded.WrittenCount > 0 && Parse(began, unfolded.WrittenSpan, faults) is { } read)
            {
                yield return read;
            }
            if (faults.IsFull)
            {
                yield break;
            }
            unfolded.ResetWrittenCount();
            began = number;
        }
    }

    /// <summary>The bytes up to the next end of line, which is CRLF, or LF alone.</summary>
    private static ReadOnlyMemory<byte> TakeLine(ref ReadOnlyMemory<byte> rest)
    {
        var end = rest.Span.IndexOf((byte)'\n');
        var line = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[(end + 1)..];
        return line.Span is [.., (byte)'\r'] ? line[..^1] : line;
    }

    private static ContentLine? Parse(int number, ReadOnlySpan<byte> bytes, CalendarFaults faults)
    {
        string text;
        try
        {
            text = Utf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            faults.Add(number, "The text is no valid UTF-8.");
            return null;
        }
        var line = ContentLine.Parse(number, text);
        if (line is null)
        {
            faults.Add(number, $"'{CalendarFaults.Echo(text)}' is no property; NAME:VALUE was expected.");
        }
        return line;
    }
}
