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
/// Where several nodes share a database, the pictures are there (<see cref="PhotoTable"/>), and the files are what this node
/// was asked for. A picture that is missing reads as if there were none, and the log says so.
/// </remarks>
/// <param name="folder">Where the files are.</param>
/// <param name="shared">Where all nodes find them; null: this one is alone.</param>
public sealed class PhotoFiles(string folder, PhotoTable? shared = null)
{
    /// <summary>The folders are swept in so many parts, each holding that share of the names in memory.</summary>
    public const int Parts = 16;

    private readonly Lock gate = new();
    private HashSet<string> storedBefore = [];
    private HashSet<string> stored = [];

    /// <summary>The most that a picture may hold, in bytes (profilephoto-update page: 4 MB; D).</summary>
    public const int BytesMax = 4 * 1024 * 1024;

    /// <summary>The name under which a picture is kept.</summary>
    public static string NameOf(ReadOnlySpan<byte> picture) => Convert.ToHexStringLower(SHA256.HashData(picture));

    /// <summary>Keeps a picture for all nodes; when this ends, it survives a power cut.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    /// <exception cref="Journal.JournalUnavailableException">The other nodes would not find it.</exception>
    public async Task StoreAsync(string name, ReadOnlyMemory<byte> picture)
    {
        // The disk is waited for on another thread than the connection's.
        await Task.Run(() => Store(name, picture.Span));
        if (shared is not null)
        {
            await shared.StoreAsync(name, picture);
        }
    }

    /// <summary>Keeps a picture as a file; when this returns, it survives a power cut.</summary>
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

    /// <summary>A picture; null: no node keeps it.</summary>
    /// <exception cref="Journal.JournalUnavailableException">It is not here, and the others cannot be asked.</exception>
    public async ValueTask<byte[]?> ReadAsync(string name, CancellationToken cancel)
    {
        var path = PathOf(name);
        if (File.Exists(path))
        {
            return await File.ReadAllBytesAsync(path, cancel);
        }
        if (shared is null || await shared.ReadAsync(name, cancel) is not { } picture)
        {
            return null;
        }
        Store(name, picture); // for the next who asks
        return picture;
    }

    /// <summary>
    /// Removes the shared pictures of one part that are none of these, nor stored lately; for one of the nodes to do.
    /// </summary>
    /// <param name="part">0 to <see cref="Parts"/> - 1: the first digit of the names.</param>
    /// <param name="usedNow">The names of that part that a person has.</param>
    /// <exception cref="Journal.JournalUnavailableException">The database cannot be used.</exception>
    public Task SweepSharedPartAsync(int part, Func<IReadOnlySet<string>> usedNow) =>
        shared?.SweepAsync(DigitOf(part), usedNow) ?? Task.CompletedTask;

    /// <summary>How the names of a part begin.</summary>
    public static string DigitOf(int part) => part.ToString("x", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Removes every file that is none of these pictures.</summary>
    /// <param name="usedNow">The names of the pictures that a person has; asked only when there is any file, because
    /// it means looking at every person.</param>
    /// <returns>How many files went.</returns>
    public int Sweep(Func<IReadOnlySet<string>> usedNow)
    {
        string[] files = Folder.Exists(folder) ? Folder.GetFiles(folder, "*", SearchOption.AllDirectories) : [];
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
    /// <param name="usedNow">The names of that part that a person has.</param>
    /// <returns>How many files went.</returns>
    public int SweepPart(int part, Func<IReadOnlySet<string>> usedNow)
    {
        HashSet<string> lately;
        lock (gate)
        {
            lately = [.. stored, .. storedBefore];
            (storedBefore, stored) = (stored, []);
        }
        string[] files = Folder.Exists(folder)
            ? [.. Folder.GetDirectories(folder, DigitOf(part) + "?").SelectMany(Folder.GetFiles)]
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
