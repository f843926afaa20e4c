using System.Buffers;
using OpenPresence.Engine;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.State.Machine;

/// <summary>Makes the payloads of journal entries. A payload belongs to the journal once it is appended.</summary>
public static class EntryPayload
{
    /// <summary>A thread that once wrote a large calendar does not keep its size.</summary>
    private const int BufferBytesKept = 4096;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? buffer;

    /// <summary>The payload of a tick.</summary>
    public static readonly ReadOnlyMemory<byte> Tick = new byte[] { (byte)EntryKind.Tick };

    /// <summary>The payload that has every node hash its state.</summary>
    public static readonly ReadOnlyMemory<byte> StateHash = new byte[] { (byte)EntryKind.StateHash };

    /// <summary>A command to one person's presence.</summary>
    public static byte[] Of(Guid personId, PresenceCommand command)
    {
        var output = Begin(EntryKind.Presence);
        output.Id(personId);
        CommandCodec.Write(output, command);
        return End();
    }

    /// <summary>Whose presence a payload concerns, without reading the rest; false: nobody's.</summary>
    public static bool TryGetPerson(ReadOnlySpan<byte> payload, out Guid personId)
    {
        const int HeadBytes = 1 + 16;
        var isPerson = payload.Length > HeadBytes && payload[0] == (byte)EntryKind.Presence;
        personId = isPerson ? new Guid(payload[1..HeadBytes], bigEndian: true) : Guid.Empty;
        return isPerson;
    }

    /// <summary>A change of the directory.</summary>
    public static byte[] Of(DirectoryChange change)
    {
        Begin(EntryKind.Directory);
        DirectoryCodec.Write(buffer!, change);
        return End();
    }

    /// <summary>The end of sign-ins before their time.</summary>
    public static byte[] Of(Revocation revocation)
    {
        revocation.Write(Begin(EntryKind.Revoked));
        return End();
    }

    /// <summary>A change of subscriptions.</summary>
    public static byte[] Of(SubscriptionChange change)
    {
        Begin(EntryKind.Subscription);
        SubscriptionChangeCodec.Write(buffer!, change);
        return End();
    }

    /// <summary>A move of the development clock.</summary>
    public static byte[] Of(NodeClock.Setting moved)
    {
        NodeClock.Write(Begin(EntryKind.MoveClock), moved);
        return End();
    }

    /// <summary>The activation of a version of the rules.</summary>
    public static byte[] ActivateRules(int version)
    {
        Begin(EntryKind.ActivateRules).Byte(checked((byte)version));
        return End();
    }

    /// <summary>A person's whole presence, as it is at an instant.</summary>
    public static byte[] Of(Guid personId, PresenceRecord record, Instant at)
    {
        var output = Begin(EntryKind.Record);
        output.Id(personId);
        output.Long(at.Ticks);
        RecordCodec.Write(output, record);
        return End();
    }

    /// <summary>The order to forget what a person showed.</summary>
    public static byte[] EraseHistory(Guid personId)
    {
        Begin(EntryKind.EraseHistory).Id(personId);
        return End();
    }

    /// <summary>The mark that a seed was taken in.</summary>
    public static byte[] Seeded(ReadOnlySpan<byte> sha256)
    {
        Begin(EntryKind.Seeded).Bytes(sha256);
        return End();
    }

    private static PackedWriter Begin(EntryKind kind)
    {
        buffer ??= new ArrayBufferWriter<byte>(256);
        buffer.ResetWrittenCount();
        var output = new PackedWriter(buffer);
        output.Byte((byte)kind);
        return output;
    }

    private static byte[] End()
    {
        var payload = buffer!.WrittenSpan.ToArray();
        if (buffer.Capacity > BufferBytesKept)
        {
            buffer = null;
        }
        return payload;
    }
}
