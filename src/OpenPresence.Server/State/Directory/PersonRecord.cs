using System.Buffers;
using System.Numerics;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// A person's record in memory: its length, the tenant's number on this node, then the attributes as
/// <see cref="PersonPacking"/> packs them, of which the name is the first.
/// </summary>
internal readonly ref struct PersonRecord
{
    /// <param name="bytes">The record and whatever follows it.</param>
    public PersonRecord(ReadOnlySpan<byte> bytes)
    {
        var head = new PackedReader(bytes);
        var inner = head.TextBytes();
        Whole = bytes[..^head.BytesLeft];
        var body = new PackedReader(inner);
        Tenant = (int)body.Number();
        Attributes = inner[^body.BytesLeft..];
    }

    /// <summary>All bytes of the record.</summary>
    public ReadOnlySpan<byte> Whole { get; }

    /// <summary>The tenant's number.</summary>
    public int Tenant { get; }

    /// <summary>What <see cref="PersonPacking"/> wrote.</summary>
    public ReadOnlySpan<byte> Attributes { get; }

    /// <summary>The sign-in name's bytes.</summary>
    public ReadOnlySpan<byte> Name => new PackedReader(Attributes).TextBytes();

    /// <summary>The external id's bytes; empty: there is none.</summary>
    public ReadOnlySpan<byte> ExternalId => PersonPacking.ExternalIdIn(Attributes);

    /// <summary>Packs a record into a buffer, whose former content is lost.</summary>
    public static ReadOnlySpan<byte> Pack(int tenant, ReadOnlySpan<byte> attributes, ArrayBufferWriter<byte> buffer)
    {
        buffer.ResetWrittenCount();
        var output = new PackedWriter(buffer);
        output.Number((uint)(BytesOf((uint)tenant) + attributes.Length));
        output.Number((uint)tenant);
        buffer.Write(attributes);
        return buffer.WrittenSpan;
    }

    private static int BytesOf(uint number) => (38 - BitOperations.LeadingZeroCount(number | 1)) / 7;
}
