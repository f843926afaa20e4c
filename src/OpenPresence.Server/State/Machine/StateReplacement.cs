using System.Buffers;
using System.IO.Compression;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Revocations;
using OpenPresence.Server.State.Subscriptions;

namespace OpenPresence.Server.State.Machine;

/// <summary>
/// Puts another state in the place of all that a node knows, as one entry of the journal. That is how a reset and the
/// restore of a named snapshot happen while requests come in: what was appended before the entry is gone with it, what
/// was appended after it meets the new state, and a restart or another node comes to the same.
///
/// The entry carries the new state as the payloads of ordinary entries, packed: first everything goes (people, with
/// a change for each, so that whoever follows the feed hears of it; tenants and applications; sign-ins and
/// subscriptions), then each of the payloads is applied, all at the entry's own instant and position. Only the clock,
/// the rules and the positions go on: time does not go back, and neither does any person's sequence.
///
/// The tempting alternative, a new data directory under a running node, would let position and sequence begin again, and
/// every client that remembers one would wait for ever. The other one, a row of ordinary entries, would let
/// requests see and change what is half gone.
/// </summary>
/// <remarks>
/// Readers take no lock, so one that comes in the milliseconds of the change may find nobody.
/// </remarks>
public static class StateReplacement
{
    /// <summary>The longest entry, packed: what the journal takes.</summary>
    public const int PayloadBytesMax = 2 << 20;

    /// <summary>The most that it unpacks to.</summary>
    public const int StateBytesMax = 64 << 20;

    /// <summary>The payload of an entry that replaces the state by what these payloads make; null: too long.</summary>
    public static byte[]? Pack(IEnumerable<byte[]> payloads)
    {
        var parts = new ArrayBufferWriter<byte>(64 * 1024);
        foreach (var payload in payloads)
        {
            new PackedWriter(parts).Bytes(payload);
            if (parts.WrittenCount > StateBytesMax)
            {
                return null;
            }
        }
        // The length comes first: a packed text that was cut short unpacks to less, and says nothing of it.
        var head = new ArrayBufferWriter<byte>(8);
        new PackedWriter(head).Byte((byte)EntryKind.Replace);
        new PackedWriter(head).Number((uint)parts.WrittenCount);
        using var packed = new MemoryStream();
        packed.Write(head.WrittenSpan);
        using (var pack = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            pack.Write(parts.WrittenSpan);
        }
        return packed.Length <= PayloadBytesMax ? packed.ToArray() : null;
    }

    /// <summary>A state as payloads that bring it about again: whoever is there, and everybody's presence.</summary>
    /// <remarks>Sign-ins and subscriptions are not among it. Writer only.</remarks>
    public static IEnumerable<byte[]> PayloadsOf(NodeState state)
    {
        var (directory, board) = (state.Directory, state.Board);
        foreach (var tenant in directory.Tenants)
        {
            yield return EntryPayload.Of(new TenantUpserted(tenant));
            foreach (var application in directory.ApplicationsOf(tenant.Id))
            {
                yield return EntryPayload.Of(new ApplicationUpserted(application));
            }
            foreach (var person in directory.PeopleOf(tenant.Id))
            {
                yield return EntryPayload.Of(new PersonUpserted(person));
                if (person.Photo is { } photo)
                {
                    yield return EntryPayload.Of(new PersonPhotoChanged(person.Id, photo));
                }
            }
        }
        for (var row = 0; row < board.Rows.Count; row++)
        {
            var (id, tenant) = (board.Rows[row].Id, board.Rows[row].Tenant);
            if (id == Guid.Empty)
            {
                continue;
            }
            yield return EntryPayload.Of(new PersonKnown(id, board.Tenants.IdOf(tenant)));
            if (board.TryGetRecord(id, out var record) && !record.IsEmpty)
            {
                yield return EntryPayload.Of(id, record, board.Now);
            }
        }
        yield return EntryPayload.Seeded(state.SeedHash);
    }

    /// <summary>Replaces a state by what the bytes of an entry say.</summary>
    /// <exception cref="InvalidDataException">Damaged, or written by a newer program.</exception>
    internal static EntryResult Apply(NodeState state, ReadOnlySpan<byte> packed, in Entry entry)
    {
        var head = new PackedReader(packed);
        var length = head.Number();
        var payloads = Unpack(head.Rest(), length);
        Clear(state, entry);
        var parts = new PackedReader(payloads);
        while (!parts.AtEnd)
        {
            var part = parts.TextBytes();
            if (part[0] is (byte)EntryKind.Replace or (byte)EntryKind.StateHash)
            {
                throw PackedReader.Broken();
            }
            state.ApplyPayload(part, entry);
        }
        state.Replaced?.Invoke();
        return default;
    }

    private static void Clear(NodeState state, in Entry entry)
    {
        foreach (var id in state.Subscriptions.All().Select(one => one.Id).Order().ToArray())
        {
            state.Subscriptions.Apply(new SubscriptionDeleted(id), entry.Position);
        }
        state.Restore(RevokedSignIns.AllBefore(entry.Position));
        state.Directory.Clear();
        state.Board.RemoveEverybody(entry.At, entry.Position);
    }

    private static byte[] Unpack(ReadOnlySpan<byte> packed, uint length)
    {
        if (length > StateBytesMax)
        {
            throw PackedReader.Broken();
        }
        using var input = new MemoryStream(packed.ToArray());
        using var unpack = new BrotliStream(input, CompressionMode.Decompress);
        var parts = new byte[length];
        return
            unpack.ReadAtLeast(parts, parts.Length, throwOnEndOfStream: false) == parts.Length && unpack.ReadByte() < 0
            ? parts
            : throw PackedReader.Broken();
    }
}
