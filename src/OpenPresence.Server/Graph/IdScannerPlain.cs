using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The plain path of <see cref="IdScanner"/>: reads any JSON and decides what is wrong. It reads to the
/// end whatever it finds, so that a body that is not JSON is called that before anything else.
/// </summary>
internal ref struct IdScannerPlain
{
    /// <summary>Before the text of JSON; some clients write it, no JSON reader likes it.</summary>
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private readonly Span<Guid> ids;
    private readonly Span<int> textAt;
    private readonly int skipped;
    private Utf8JsonReader reader;
    private bool seen;
    private int elements;
    private IdFault fault;
    private int faultAt;

    private IdScannerPlain(ReadOnlySpan<byte> body, Span<Guid> ids, Span<int> textAt)
    {
        this.ids = ids;
        this.textAt = textAt;
        skipped = body.StartsWith(ByteOrderMark) ? ByteOrderMark.Length : 0;
        reader = new Utf8JsonReader(body[skipped..]);
    }

    public static IdScan Scan(ReadOnlySpan<byte> body, Span<Guid> ids, Span<int> textAt)
    {
        var scanner = new IdScannerPlain(body, ids, textAt);
        try
        {
            scanner.ReadBody();
        }
        catch (JsonException)
        {
            return new IdScan(IdFault.Malformed, 0, 0);
        }

        return scanner.fault == IdFault.None
            ? new IdScan(IdFault.None, scanner.elements, 0)
            : new IdScan(scanner.fault, 0, scanner.faultAt);
    }

    private void ReadBody()
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Blame(IdFault.NotAnObject);
            reader.Skip();
        }
        else
        {
            ReadMembers();
            CountDistinct();
        }

        // Throws if something follows.
        reader.Read();
    }

    private void ReadMembers()
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isIds = IsIds();
            reader.Read();
            if (!isIds)
            {
                reader.Skip();
            }
            else if (seen)
            {
                Blame(IdFault.Repeated);
                reader.Skip();
            }
            else
            {
                seen = true;
                ReadIds();
            }
        }

        if (!seen)
        {
            Blame(IdFault.Missing);
        }
    }

    private void ReadIds()
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            Blame(IdFault.NotAnArray);
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (elements == ids.Length)
            {
                Blame(IdFault.TooMany);
            }
            else if (TryReadId(out ids[elements]))
            {
                textAt[elements++] = PositionOfText();
            }
            else
            {
                Blame(IdFault.NotAGuid, elements);
            }

            reader.Skip();
        }

        if (elements == 0)
        {
            Blame(IdFault.Empty);
        }
    }

    private readonly bool TryReadId(out Guid id)
    {
        id = Guid.Empty;
        if (reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        Span<byte> text = stackalloc byte[GuidText.Length];
        return TryUnescape(text) == GuidText.Length
            && Utf8Parser.TryParse(text, out id, out int used, 'D')
            && used == GuidText.Length;
    }

    private readonly bool IsIds()
    {
        Span<byte> name = stackalloc byte[3];
        return TryUnescape(name) == name.Length && Ascii.EqualsIgnoreCase(name, "ids"u8);
    }

    /// <summary>
    /// The token's text without escapes, if it fits; its length, or -1. The reader refuses to unescape
    /// half a surrogate pair by an exception that does not mean broken JSON, so this is checked first.
    /// </summary>
    private readonly int TryUnescape(Span<byte> text)
    {
        ReadOnlySpan<byte> raw = reader.ValueSpan;
        if (!reader.ValueIsEscaped)
        {
            return raw.TryCopyTo(text) ? raw.Length : -1;
        }

        int length = 0;
        while (!raw.IsEmpty)
        {
            // Of the escapes, only \u00xx can stand for a character of an id or of the name.
            bool isPlain = raw[0] != '\\';
            byte value = raw[0];
            if (!isPlain && !IsLatinEscape(raw, out value) || length == text.Length)
            {
                return -1;
            }

            text[length++] = value;
            raw = raw[(isPlain ? 1 : 6)..];
        }

        return length;
    }

    private static bool IsLatinEscape(ReadOnlySpan<byte> raw, out byte value)
    {
        value = 0;
        return raw.StartsWith("\\u00"u8)
            && Utf8Parser.TryParse(raw.Slice(4, 2), out value, out int used, 'x')
            && used == 2;
    }

    /// <summary>Where the text that was read stands, if it stands there as we would write it.</summary>
    private readonly int PositionOfText()
    {
        bool asWeWrite = !reader.ValueIsEscaped && !reader.ValueSpan.ContainsAnyInRange((byte)'A', (byte)'F');
        return asWeWrite ? skipped + (int)reader.TokenStartIndex + 1 : IdScanner.NoText;
    }

    private void CountDistinct()
    {
        if (elements <= IdScanner.IdsMax)
        {
            return;
        }

        var distinct = new HashSet<Guid>();
        foreach (Guid id in ids[..elements])
        {
            distinct.Add(id);
        }

        if (distinct.Count > IdScanner.IdsMax)
        {
            Blame(IdFault.TooMany);
        }
    }

    /// <summary>The first fault is the one that is told.</summary>
    private void Blame(IdFault what, int at = 0)
    {
        if (fault == IdFault.None)
        {
            fault = what;
            faultAt = at;
        }
    }
}
