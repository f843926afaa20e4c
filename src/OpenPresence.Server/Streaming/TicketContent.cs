using System.Buffers.Binary;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Streaming;

/// <summary>
/// What a ticket holds: of the caller as much as a stream asks for, and when it ends. Of what the caller may do only
/// whether he may read presences; the names of his permissions would make an address of it that servers refuse.
/// </summary>
internal static class TicketContent
{
    /// <summary>The longest text that is looked at.</summary>
    public const int TextCharsMax = 512;

    private const byte Form = 1;
    private const int Bytes = 1 + (3 * 16) + 4 + (4 * 8);

    /// <summary>Packs a caller.</summary>
    public static byte[] Write(Caller caller, DateTimeOffset endsAt)
    {
        var content = new byte[Bytes];
        content[0] = Form;
        caller.TenantId.TryWriteBytes(content.AsSpan(1));
        caller.ApplicationId.TryWriteBytes(content.AsSpan(17));
        (caller.UserId ?? Guid.Empty).TryWriteBytes(content.AsSpan(33));
        content[49] = (byte)(caller.UserId is null ? 0 : 1);
        content[50] = (byte)caller.Kind;
        content[51] = (byte)caller.AccessTo(Operation.ListCommunicationsPresences);
        content[52] = (byte)(caller.IsOfDirectory ? 1 : 0);
        var numbers = content.AsSpan(53);
        BinaryPrimitives.WriteInt64BigEndian(numbers, endsAt.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], caller.ExpiresAt.UtcTicks);
        BinaryPrimitives.WriteInt64BigEndian(numbers[16..], caller.IssuedAt?.UtcTicks ?? 0);
        BinaryPrimitives.WriteUInt64BigEndian(numbers[24..], caller.Tag);
        return content;
    }

    /// <summary>Reads a caller that was proven to be one, and until when the ticket is good; long ago: of another form.</summary>
    public static DateTimeOffset Read(ReadOnlySpan<byte> content, out Caller? caller)
    {
        caller = null;
        if (content.Length != Bytes || content[0] != Form)
        {
            return DateTimeOffset.MinValue; // of a node with another program; the browser asks for another one
        }
        var access = new Access[Enum.GetValues<Operation>().Length];
        access[(int)Operation.ListCommunicationsPresences] = (Access)content[51];
        var numbers = content[53..];
        var issuedAt = BinaryPrimitives.ReadInt64BigEndian(numbers[16..]);
        caller = new Caller(
            new Guid(content[1..17]),
            content[49] == 0 ? null : new Guid(content[33..49]),
            new Guid(content[17..33]),
            (CallerKind)content[50],
            [],
            access,
            InstantOf(BinaryPrimitives.ReadInt64BigEndian(numbers[8..]))
        )
        {
            IsOfDirectory = content[52] != 0,
            IssuedAt = issuedAt == 0 ? null : InstantOf(issuedAt),
            Tag = BinaryPrimitives.ReadUInt64BigEndian(numbers[24..]),
        };
        return InstantOf(BinaryPrimitives.ReadInt64BigEndian(numbers));
    }

    private static DateTimeOffset InstantOf(long ticks) => new(ticks, TimeSpan.Zero);
}
