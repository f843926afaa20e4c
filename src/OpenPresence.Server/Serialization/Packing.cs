using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;
using System.Text.Unicode;

namespace OpenPresence.Server.Serialization;

/// <summary>Appends values in the directory's packed form: small numbers and short texts in few bytes.</summary>
internal readonly struct PackedWriter(ArrayBufferWriter<byte> output)
{
    public void Number(uint value)
    {
        var span = output.GetSpan(5);
        var length = 0;
        while (value >= 0x80)
        {
            span[length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        span[length++] = (byte)value;
        output.Advance(length);
    }

    public void Byte(byte value)
    {
        output.GetSpan(1)[0] = value;
        output.Advance(1);
    }

    public void Flag(bool flag) => Byte(flag ? (byte)1 : (byte)0);

    /// <summary>Eight bytes, little-endian: ticks, positions.</summary>
    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(sizeof(long)), value);
        output.Advance(sizeof(long));
    }

    /// <summary>A text that may be absent.</summary>
    public void OptionalText(string? text)
    {
        Flag(text is not null);
        if (text is not null)
        {
            Text(text);
        }
    }

    public void Id(Guid id)
    {
        id.TryWriteBytes(output.GetSpan(16), bigEndian: true, out var length);
        output.Advance(length);
    }

    public void Text(string text)
    {
        Number((uint)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, output);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((uint)bytes.Length);
        output.Write(bytes);
    }

    public void Texts(ImmutableArray<string> texts)
    {
        Number((uint)texts.Length);
        foreach (var text in texts)
        {
            Text(text);
        }
    }
}

/// <summary>
/// Reads what <see cref="PackedWriter"/> wrote, and nothing that it would have written otherwise: what was read
/// without a complaint is written again with the same bytes.
/// </summary>
/// <exception cref="InvalidDataException">The bytes end early or hold what was never written.</exception>
internal ref struct PackedReader(ReadOnlySpan<byte> input)
{
    private ReadOnlySpan<byte> _rest = input;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>All that is left.</summary>
    public ReadOnlySpan<byte> Rest() => Bytes((uint)_rest.Length);

    public readonly int BytesLeft => _rest.Length;

    public uint Number()
    {
        ulong value = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = Bytes(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
            {
                var isShortest = part > 0 || shift == 0;
                return isShortest && value <= uint.MaxValue ? (uint)value : throw Broken();
            }
        }

        throw Broken();
    }

    public byte Byte() => Bytes(1)[0];

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Bytes(sizeof(long)));

    public bool Flag() =>
        Byte() switch
        {
            0 => false,
            1 => true,
            _ => throw Broken(),
        };

    public string? OptionalText() => Flag() ? Text() : null;

    public Guid Id() => new(Bytes(16), bigEndian: true);

    public string Text()
    {
        var bytes = TextBytes();
        return Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : throw Broken();
    }

    public ReadOnlySpan<byte> TextBytes() => Bytes(Number());

    public ImmutableArray<string> Texts()
    {
        var count = Number();
        if (count > (uint)_rest.Length)
        {
            throw Broken();
        }

        var texts = ImmutableArray.CreateBuilder<string>((int)count);
        for (var i = 0; i < count; i++)
        {
            texts.Add(Text());
        }

        return texts.DrainToImmutable();
    }

    private ReadOnlySpan<byte> Bytes(uint length)
    {
        if (length > (uint)_rest.Length)
        {
            throw Broken();
        }

        var bytes = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return bytes;
    }

    public static InvalidDataException Broken() => new("The bytes are damaged or were written by a newer program.");
}
