using System.Collections.Frozen;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace OpenPresence.Server.Page;

/// <summary>A file of the page, as it is sent.</summary>
/// <param name="Bytes">Its content.</param>
/// <param name="MediaType">What it is.</param>
public sealed record PageFile(byte[] Bytes, string MediaType);

/// <summary>
/// The files of the page, out of the program itself: nothing to install, nothing to build, nothing to lose. All
/// files but the first one lie under a folder that is named by the content of all of them, so a browser may keep them
/// for ever and still never runs the modules of one version with those of another.
/// </summary>
public sealed class PageFiles
{
    /// <summary>The file that the others are found from.</summary>
    public const string Index = "index.html";

    private const string ResourcePrefix = "page/";
    private const string VersionMark = "{version}";
    private const int VersionChars = 16;

    private static readonly FrozenDictionary<string, string> MediaTypes = new Dictionary<string, string>(
        StringComparer.Ordinal
    )
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly FrozenDictionary<string, PageFile> files;

    private PageFiles(string version, FrozenDictionary<string, PageFile> files) =>
        (Version, this.files) = (version, files);

    /// <summary>Those that the program carries; read when the first browser asks.</summary>
    public static Lazy<PageFiles> Embedded { get; } = new(() => Read(typeof(PageFiles).Assembly));

    /// <summary>Stands for the content of all files.</summary>
    public string Version { get; }

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => files.Keys;

    /// <summary>A file by its name; null: there is none.</summary>
    public PageFile? Find(string name) => files.GetValueOrDefault(name);

    private static PageFiles Read(Assembly assembly)
    {
        var contents = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (Name: name[ResourcePrefix.Length..], Bytes: ReadOne(assembly, name)))
            .ToArray();
        var version = VersionOf(contents.Select(file => file.Bytes));
        return new(
            version,
            contents.ToFrozenDictionary(
                file => file.Name,
                file => new PageFile(
                    file.Name == Index ? Name(file.Bytes, version) : file.Bytes,
                    MediaTypes[Path.GetExtension(file.Name)]
                ),
                StringComparer.Ordinal
            )
        );
    }

    private static byte[] ReadOne(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name)!;
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private static string VersionOf(IEnumerable<byte[]> contents)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var bytes in contents)
        {
            hash.AppendData(SHA256.HashData(bytes));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..VersionChars];
    }

    private static byte[] Name(byte[] index, string version) =>
        Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(index).Replace(VersionMark, version, StringComparison.Ordinal));
}
