using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace OpenPresence.Server.Jsonc;

/// <summary>
/// JSON with comments and trailing commas, as people write settings and seeds. It keeps where each value stands,
/// because a fault is only useful with its line: the serializer of the framework stops at the first
/// one and knows no more than a byte count. A member that stands twice is a fault; the first one is kept.
/// What is no JSON at all ends the reading there, since nothing after it can be trusted.
/// </summary>
public static class JsoncDocument
{
    /// <summary>The most that is read of one file.</summary>
    public const int BytesMax = 256 * 1024 * 1024;

    /// <summary>How deep objects and arrays may nest.</summary>
    public const int DepthMax = 32;

    /// <summary>Reads a document; null when it is no JSON.</summary>
    /// <param name="utf8">The bytes, with or without a byte order mark.</param>
    /// <param name="faults">Where faults are added.</param>
    public static JsoncValue? Read(ReadOnlySpan<byte> utf8, ICollection<JsoncFault> faults)
    {
        if (utf8.StartsWith(Encoding.UTF8.Preamble))
        {
            utf8 = utf8[Encoding.UTF8.Preamble.Length..];
        }

        var lines = new LineMap();
        var reader = new Utf8JsonReader(
            utf8,
            new JsonReaderOptions
            {
                AllowTrailingCommas = true,
                CommentHandling = JsonCommentHandling.Skip,
                MaxDepth = DepthMax,
            }
        );
        try
        {
            reader.Read();
            var value = ReadValue(ref reader, utf8, lines, "$", faults);
            reader.Read();
            return value;
        }
        catch (JsonException e)
        {
            faults.Add(SyntaxFault(utf8, e));
            return null;
        }
        catch (InvalidOperationException)
        {
            // The framework's word for a string that is no UTF-8 or half a surrogate pair.
            var position = lines.PositionOf(utf8, (int)reader.TokenStartIndex);
            faults.Add(new JsoncFault(position, "$", "The text is not valid Unicode."));
            return null;
        }
    }

    private static JsoncValue ReadValue(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> utf8,
        LineMap lines,
        string path,
        ICollection<JsoncFault> faults
    )
    {
        var position = lines.PositionOf(utf8, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                var members = ReadMembers(ref reader, utf8, lines, path, faults);
                return new JsoncValue(JsoncKind.Object, position, path) { Members = members };
            case JsonTokenType.StartArray:
                var items = ReadItems(ref reader, utf8, lines, path, faults);
                return new JsoncValue(JsoncKind.Array, position, path) { Items = items };
            case JsonTokenType.String:
                return new JsoncValue(JsoncKind.Text, position, path) { Text = reader.GetString()! };
            case JsonTokenType.Number:
                return new JsoncValue(JsoncKind.Number, position, path)
                {
                    Text = Encoding.UTF8.GetString(reader.ValueSpan),
                };
            case JsonTokenType.True or JsonTokenType.False:
                var word = reader.TokenType == JsonTokenType.True ? "true" : "false";
                return new JsoncValue(JsoncKind.Boolean, position, path) { Text = word };
            default:
                return new JsoncValue(JsoncKind.Null, position, path);
        }
    }

    private static ImmutableArray<JsoncMember> ReadMembers(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> utf8,
        LineMap lines,
        string path,
        ICollection<JsoncFault> faults
    )
    {
        var members = ImmutableArray.CreateBuilder<JsoncMember>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString()!;
            var position = lines.PositionOf(utf8, (int)reader.TokenStartIndex);
            var memberPath = IsPlain(name) ? $"{path}.{name}" : $"{path}['{name}']";
            reader.Read();
            var value = ReadValue(ref reader, utf8, lines, memberPath, faults);
            if (names.Add(name))
            {
                members.Add(new JsoncMember(name, position, value));
            }
            else
            {
                faults.Add(new JsoncFault(position, memberPath, "The member stands here twice."));
            }
        }

        return members.DrainToImmutable();
    }

    private static ImmutableArray<JsoncValue> ReadItems(
        ref Utf8JsonReader reader,
        ReadOnlySpan<byte> utf8,
        LineMap lines,
        string path,
        ICollection<JsoncFault> faults
    )
    {
        var items = ImmutableArray.CreateBuilder<JsoncValue>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(ReadValue(ref reader, utf8, lines, $"{path}[{items.Count}]", faults));
        }

        return items.DrainToImmutable();
    }

    private static bool IsPlain(string name) =>
        name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '-');

    private static JsoncFault SyntaxFault(ReadOnlySpan<byte> utf8, JsonException e)
    {
        var start = 0;
        for (var line = e.LineNumber ?? 0; line > 0; line--)
        {
            start += utf8[start..].IndexOf((byte)'\n') + 1;
        }

        var end = Math.Min(utf8.Length, start + (int)(e.BytePositionInLine ?? 0));
        var column = Encoding.UTF8.GetCharCount(utf8[start..end]) + 1;
        // The framework quotes whole lines, and ends its sentence with a position that counts from 0.
        var sentence = e.Message.Split(" LineNumber:", 2)[0].Split(" Path:", 2)[0];
        var message = string.Join(' ', sentence.Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));
        return new JsoncFault(
            new JsoncPosition((int)(e.LineNumber ?? 0) + 1, column),
            "$",
            $"This is no JSON: {message}"
        );
    }

    /// <summary>From byte offsets that only grow to lines and columns, without looking twice at a byte.</summary>
    private sealed class LineMap
    {
        private int _offset;
        private int _line = 1;
        private int _column = 1;

        public JsoncPosition PositionOf(ReadOnlySpan<byte> utf8, int offset)
        {
            foreach (var each in utf8[_offset..Math.Max(_offset, offset)])
            {
                if (each == '\n')
                {
                    _line++;
                    _column = 1;
                }
                else if ((each & 0xC0) != 0x80)
                {
                    _column++;
                }
            }

            _offset = Math.Max(_offset, offset);
            return new JsoncPosition(_line, _column);
        }
    }
}
