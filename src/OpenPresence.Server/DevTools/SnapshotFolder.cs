using System.Buffers.Binary;
using System.Security.Cryptography;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.DevTools;

/// <summary>A snapshot that is kept.</summary>
public sealed record KeptSnapshot(string Name, Instant At, int People, long Bytes);

/// <summary>
/// Keeps snapshots of the state under names, a file each in the data directory: 8 bytes of the instant, 4 of how many
/// people, the payload of the entry that brings the state back, and the SHA-256 of all that. A file that does
/// not add up is not there: an entry that cannot be applied would stop the node.
/// </summary>
public sealed class SnapshotFolder(string folder)
{
    /// <summary>So many are kept at most.</summary>
    public const int SnapshotsMax = 100;

    /// <summary>The longest name.</summary>
    public const int NameCharsMax = 64;

    private const string Extension = ".state";
    private const int HeadBytes = sizeof(long) + sizeof(int);

    private readonly Lock gate = new();

    /// <summary>Why a name is none; null: it is one. Names are file names, so nothing but plain letters, digits, hyphens.</summary>
    public static Refusal? CheckName(string name) =>
        name.Length is > 0 and <= NameCharsMax
        && name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-')
            ? null
            : new Refusal(
                RefusalKind.BadRequest,
                $"A snapshot's name has 1 to {NameCharsMax} small letters, digits and hyphens."
            );

    /// <summary>Those that are kept, by name.</summary>
    public IReadOnlyList<KeptSnapshot> All()
    {
        lock (gate)
        {
            return
            [
                .. Files()
                    .Select(path => (Name: Path.GetFileNameWithoutExtension(path), Bytes: ReadIntact(path)))
                    .Where(file => file.Bytes is not null)
                    .Select(file => new KeptSnapshot(
                        file.Name,
                        new Instant(BinaryPrimitives.ReadInt64LittleEndian(file.Bytes)),
                        BinaryPrimitives.ReadInt32LittleEndian(file.Bytes.AsSpan(sizeof(long))),
                        file.Bytes!.Length
                    )),
            ];
        }
    }

    /// <summary>Keeps one, in the place of an older one of that name; false: there are as many as may be.</summary>
    public bool TryKeep(string name, Instant at, int people, ReadOnlySpan<byte> payload)
    {
        var bytes = new byte[HeadBytes + payload.Length + SHA256.HashSizeInBytes];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, at.Ticks);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(sizeof(long)), people);
        payload.CopyTo(bytes.AsSpan(HeadBytes));
        var end = HeadBytes + payload.Length;
        SHA256.HashData(bytes.AsSpan(0, end), bytes.AsSpan(end));
        lock (gate)
        {
            System.IO.Directory.CreateDirectory(folder);
            if (!File.Exists(PathOf(name)) && Files().Count >= SnapshotsMax)
            {
                return false;
            }
            // Whole or not at all.
            var draft = PathOf(name) + ".new";
            File.WriteAllBytes(draft, bytes);
            File.Move(draft, PathOf(name), overwrite: true);
            return true;
        }
    }

    /// <summary>The payload of one; null: there is none, or it is damaged.</summary>
    public byte[]? Read(string name)
    {
        lock (gate)
        {
            return ReadIntact(PathOf(name)) is { } bytes ? bytes[HeadBytes..^SHA256.HashSizeInBytes] : null;
        }
    }

    /// <summary>Forgets one; false: there is none.</summary>
    public bool Remove(string name)
    {
        lock (gate)
        {
            var isThere = File.Exists(PathOf(name));
            File.Delete(PathOf(name));
            return isThere;
        }
    }

    private List<string> Files() =>
        System.IO.Directory.Exists(folder)
            ? [.. System.IO.Directory.GetFiles(folder, "*" + Extension).Order(StringComparer.Ordinal)]
            : [];

    private static byte[]? ReadIntact(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        var bytes = File.ReadAllBytes(path);
        var end = bytes.Length - SHA256.HashSizeInBytes;
        return end > HeadBytes && SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end))
            ? bytes
            : null;
    }

    private string PathOf(string name) => Path.Combine(folder, name + Extension);
}
