using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenPresence.Server.Serialization;

namespace OpenPresence.Server.State.Directory;

/// <summary>
/// Stands for all attributes that a person has at one time, so that a change can be made on the condition that they
/// are still the same. Part of the journal, so it hashes what the journal holds, the same on every node.
/// </summary>
/// <param name="Value">Of SHA-256, the first eight bytes.</param>
public readonly record struct PersonVersion(long Value)
{
    /// <summary>Of a person of whom nothing is known, the id at most.</summary>
    public static PersonVersion None => default;

    public static PersonVersion Of(Person person)
    {
        var attributes = new ArrayBufferWriter<byte>(256);
        // A photo is set by itself, so it is no reason to refuse what was worked out of the rest.
        PersonPacking.Write(new PackedWriter(attributes), person with { Photo = null });
        var hash = SHA256.HashData(attributes.WrittenSpan);
        return new(BinaryPrimitives.ReadInt64LittleEndian(hash));
    }
}
