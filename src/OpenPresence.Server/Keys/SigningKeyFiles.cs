using System.Globalization;
using System.Security.Cryptography;
using OpenPresence.Engine;
using IoDirectory = System.IO.Directory;

namespace OpenPresence.Server.Keys;

/// <summary>
/// The signing keys at rest: one PKCS#8 PEM file each, <c>{made at}-{kid}.pem</c>, that only its
/// owner may read.
/// </summary>
/// <remarks>
/// Private keys never enter the journal: it is copied, backed up and shown, and a key in it would
/// be a key of everybody who reads a backup. A file that others can read is refused, not quietly
/// repaired: who could read it may have. Its group may, for that is how a secret is mounted for a program that does
/// not own it.
/// </remarks>
internal sealed class SigningKeyFiles(string path)
{
    private const string Extension = ".pem";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode AtMost = OwnerOnly | UnixFileMode.GroupRead;
    private const int FileBytesMax = 16 * 1024;

    /// <summary>
    /// More files than rotation ever leaves mean that something else writes here.
    /// </summary>
    private const int FilesMax = 64;

    /// <summary>All keys, oldest first; makes the directory. Those that are known are not read again.</summary>
    /// <exception cref="InvalidDataException">A file is no key, or others than its owner and group may read
    /// it.</exception>
    public List<SigningKey> Load(IEnumerable<SigningKey> known)
    {
        CreateDirectory();
        var files = IoDirectory.GetFiles(path, "*" + Extension);
        if (files.Length > FilesMax)
        {
            throw new InvalidDataException($"{path} holds {files.Length} keys; {FilesMax} at most.");
        }

        var read = known.ToDictionary(FileOf, StringComparer.Ordinal);
        List<SigningKey> keys = [.. files.Select(file => read.TryGetValue(file, out var key) ? key : Read(file))];
        keys.Sort((left, right) => left.MadeAt.CompareTo(right.MadeAt));
        return keys;
    }

    /// <summary>Keeps a key: after this it survives a crash, whole or not at all.</summary>
    public void Save(SigningKey key)
    {
        var file = FileOf(key);
        var partial = file + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(partial, options))
        {
            using (var text = new StreamWriter(stream, leaveOpen: true))
            {
                text.Write(key.ExportPem());
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, file);
    }

    /// <summary>Forgets a key that no token needs any more.</summary>
    public void Delete(SigningKey key) => File.Delete(FileOf(key));

    private string FileOf(SigningKey key) => Path.Combine(path, key.Name + Extension);

    private static SigningKey Read(string file)
    {
        RefuseIfOthersMayRead(file);
        var name = Path.GetFileNameWithoutExtension(file);
        var dash = name.IndexOf('-', StringComparison.Ordinal);
        if (
            dash < 0
            || !DateTimeOffset.TryParseExact(
                name.AsSpan(0, dash),
                SigningKey.MadeAtFormat,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var madeAt
            )
        )
        {
            throw new InvalidDataException($"{file} is not named as a signing key.");
        }

        if (new FileInfo(file).Length > FileBytesMax)
        {
            throw new InvalidDataException($"{file} is too long for a signing key.");
        }

        var rsa = RSA.Create();
        try
        {
            rsa.ImportFromPem(File.ReadAllText(file));
            var key = new SigningKey(rsa, Instant.From(madeAt));
            return key.KeyId == name[(dash + 1)..]
                ? key
                : throw new InvalidDataException($"{file} holds another key than its name says.");
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            rsa.Dispose();
            throw new InvalidDataException(
                $"{file} is damaged. Remove it: a new key is made, and tokens of the old one end.",
                e
            );
        }
    }

    private static void RefuseIfOthersMayRead(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~AtMost) != UnixFileMode.None)
        {
            throw new InvalidDataException(
                $"{file} may be read by others than its owner and its group, or written by them. Remove it, "
                    + "or chmod 600 it if nobody else did read it."
            );
        }
    }

    private void CreateDirectory()
    {
        if (OperatingSystem.IsWindows())
        {
            IoDirectory.CreateDirectory(path);
        }
        else
        {
            IoDirectory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
        }
    }
}
