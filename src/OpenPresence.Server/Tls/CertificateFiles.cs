using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using IoDirectory = System.IO.Directory;

namespace OpenPresence.Server.Tls;

/// <summary>
/// Certificates and keys as PEM files. A key's file is its owner's alone: one that others can read is refused, not
/// quietly repaired, since who could read it may have.
/// </summary>
internal static class CertificateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>More than any chain; a wrong path may name something huge.</summary>
    public const int FileBytesMax = 1024 * 1024;

    /// <summary>The certificate with its key; null when a file is missing, or they do not fit.</summary>
    /// <exception cref="InvalidDataException">Others than its owner may read the key.</exception>
    public static X509Certificate2? TryLoad(string certificateFile, string keyFile)
    {
        if (!File.Exists(certificateFile) || !File.Exists(keyFile))
        {
            return null;
        }

        RefuseIfOthersMayRead(keyFile);
        try
        {
            return X509Certificate2.CreateFromPem(ReadText(certificateFile), ReadText(keyFile));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    /// <summary>
    /// Keeps both; the key first, so that a crash in between leaves a pair that does not fit and is made again.
    /// </summary>
    public static void Save(X509Certificate2 certificate, string certificateFile, string keyFile)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        Write(keyFile, key.ExportPkcs8PrivateKeyPem() + "\n", isPrivate: true);
        Write(certificateFile, certificate.ExportCertificatePem() + "\n", isPrivate: false);
    }

    /// <summary>Makes the folder below the data directory, which is its owner's alone.</summary>
    public static void CreateFolder(string dataDirectory, string folder)
    {
        if (OperatingSystem.IsWindows())
        {
            IoDirectory.CreateDirectory(folder);
            return;
        }

        IoDirectory.CreateDirectory(dataDirectory, OwnerOnly | UnixFileMode.UserExecute);
        IoDirectory.CreateDirectory(folder);
    }

    /// <summary>The text of a file of a sane length.</summary>
    public static string ReadText(string file) =>
        new FileInfo(file).Length <= FileBytesMax
            ? File.ReadAllText(file)
            : throw new InvalidDataException($"{file} is too long for a certificate or a key.");

    private static void Write(string file, string text, bool isPrivate)
    {
        var partial = file + ".partial";
        File.Delete(partial);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isPrivate && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnerOnly;
        }

        using (var stream = new FileStream(partial, options))
        {
            stream.Write(System.Text.Encoding.ASCII.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(partial, file, overwrite: true);
    }

    private static void RefuseIfOthersMayRead(string file)
    {
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(file) & ~OwnerOnly) != UnixFileMode.None)
        {
            throw new InvalidDataException(
                $"{file} may be read by others than its owner. Remove it and its certificate, or chmod 600 it if nobody else did read it."
            );
        }
    }
}
