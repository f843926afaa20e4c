using System.Security.Cryptography;
using OpenPresence.Server.Journal.Local;
using Folder = System.IO.Directory;

namespace OpenPresence.Server.Photos;

/// <summary>
/// The pictures, each in a file that its SHA-256 names, beside the journal. A file is whole and on the disk before
/// the journal names it, and never changes; the same picture of two people is one file. Pictures that nobody has any
/// more go at the next start (<see cref="Sweep"/>), and while the server runs a part of the folders at a time
/// (<see cref="SweepPart"/>). One may have been stored for an entry that is not applied yet: what was stored since the last
/// round but one stays.
/// </summary>
/// <remarks>
/// Where several nodes share a journal, the folder must be shared or copied too; a picture whose file is missing
/// reads as if there were none, and the log says so.
/// </remarks>
public sealed class PhotoFiles(string folder)
{
    /// <summary>The folders are swept in so many parts, each holding that share of the names in memory.</summary>
    public const int Parts = 16;

    private readonly Lock gate = new();
    private HashSet<string> storedBefore = [];
    private HashSet<string> stored = [];

    /// <summary>The most that a picture may hold, in bytes (profilephoto-update page: 4 MB; D).</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The name under which a picture is kept.</summary>
    public static string NameOf(ReadOnlySpan<byte> picture) =>
        Convert.ToHexStringLower(SHA256.HashData(picture));

    /// <summary>Keeps a picture; when this returns, it survives a power cut.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public void Store(string name, ReadOnlySpan<byte> picture)
    {
        var path = PathOf(name);
        lock (gate)
        {
            stored.Add(name); // first, so that no sweep takes what is found to be there
        }
        if (File.Exists(path))
        {
            return;
        }
        var parent = Path.GetDirectoryName(path)!;
        Folder.CreateDirectory(parent);
        // Two that store the same picture at once write two files; either may win.
        var draft = Path.Combine(folder, $"{name}.{Guid.NewGuid():N}.new");
        using (var file = File.OpenHandle(draft, FileMode.CreateNew, FileAccess.Write))
        {
            RandomAccess.Write(file, picture, 0);
            RandomAccess.FlushToDisk(file);
        }
        File.Move(draft, path, overwrite: true);
        Libc.FlushDirectory(parent);
        Libc.FlushDirectory(folder);
    }

    /// <summary>A picture; null: it is not kept here.</summary>
    public async ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancel)
    {
        var path = PathOf(name);
        return File.Exists(path) ? await File.ReadAllBytesAsync(path, cancel) : null;
    }

    /// <summary>Removes every file that is none of these pictures.</summary>
    /// <param name="usedNow">The names of the pictures that somebody has; asked only when there is any file, because
    /// it means looking at everybody.</param>
    /// <returns>How many files went.</returns>
    public int Sweep(Func<IReadOnlySet<string>> usedNow)
    {
        string[] files = Folder.Exists(folder)
            ? Folder.GetFiles(folder, "*", SearchOption.AllDirectories)
            : [];
        if (files.Length == 0)
        {
            return 0;
        }
        var used = usedNow();
        var unused = files.Where(path => !used.Contains(Path.GetFileName(path))).ToArray();
        foreach (var path in unused)
        {
            File.Delete(path);
        }
        return unused.Length;
    }

    /// <summary>Removes the files of one part that are none of these pictures, nor stored lately.</summary>
    /// <param name="part">0 to <see cref="Parts"/> - 1: the first digit of the names.</param>
    /// <param name="usedNow">The names of that part that somebody has.</param>
    /// <returns>How many files went.</returns>
    public int SweepPart(int part, Func<IReadOnlySet<string>> usedNow)
    {
        HashSet<string> lately;
        lock (gate)
        {
            lately = [.. stored, .. storedBefore];
            (storedBefore, stored) = (stored, []);
        }
        var digit = part.ToString("x", System.Globalization.CultureInfo.InvariantCulture);
        string[] files = Folder.Exists(folder)
            ? [.. Folder.GetDirectories(folder, digit + "?").SelectMany(Folder.GetFiles)]
            : [];
        if (files.Length == 0)
        {
            return 0;
        }
        var used = usedNow();
        var count = 0;
        foreach (var path in files)
        {
            var name = Path.GetFileName(path);
            lock (gate)
            {
                if (used.Contains(name) || lately.Contains(name) || stored.Contains(name))
                {
                    continue;
                }
                File.Delete(path);
                count++;
            }
        }
        return count;
    }

    private string PathOf(string name) => Path.Combine(folder, name[..2], name);
}
