using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.Photos;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Copying;

/// <summary>Where a journal is, as a command line names it: a data directory, or a database.</summary>
public abstract class JournalPlace
{
    /// <summary>The place in words that may be shown.</summary>
    public abstract string Where { get; }

    /// <summary>Reads the path of a data directory, or a connection string such as <c>Host=…;Database=…</c>.</summary>
    /// <param name="text">One of them.</param>
    /// <param name="passwordFile">The file with the database's password; null: elsewhere, or none.</param>
    /// <param name="logs">Told what is passed over, such as a damaged snapshot; null: nobody is.</param>
    public static JournalPlace Parse(string text, string? passwordFile = null, ILoggerFactory? logs = null) =>
        text.Contains("Host=", StringComparison.OrdinalIgnoreCase)
            ? new DatabasePlace(text, passwordFile, logs ?? NullLoggerFactory.Instance)
            : new DirectoryPlace(Path.GetFullPath(text), logs ?? NullLoggerFactory.Instance);

    /// <summary>Opens the journal that is there.</summary>
    /// <exception cref="JournalRefusedException">There is none, or it is in use, or damaged.</exception>
    /// <exception cref="JournalUnavailableException">It cannot be reached.</exception>
    public abstract Task<OpenedJournal> OpenAsync(TimeProvider time, CancellationToken cancel);

    /// <summary>Sees to it that no server uses it, as far as opening it does not.</summary>
    /// <exception cref="JournalRefusedException">One does.</exception>
    /// <exception cref="JournalUnavailableException">It cannot be reached.</exception>
    internal virtual Task CheckAtRestAsync(CancellationToken cancel) => Task.CompletedTask;

    /// <summary>Begins to write a copy here.</summary>
    /// <exception cref="JournalRefusedException">Something is there.</exception>
    /// <exception cref="JournalUnavailableException">It cannot be reached.</exception>
    internal abstract Task<ICopyTarget> BeginAsync(CancellationToken cancel);

    /// <summary>The pictures that lie beside the journal, which names them by what they hold.</summary>
    internal abstract IAsyncEnumerable<byte[]> PicturesAsync(CancellationToken cancel);

    /// <summary>Keeps pictures here; how many they were.</summary>
    internal abstract Task<int> KeepAsync(IAsyncEnumerable<byte[]> pictures);
}

/// <summary>A data directory. Opening it takes the lock that a server takes, so one in use is refused.</summary>
internal sealed class DirectoryPlace(string folder, ILoggerFactory logs) : JournalPlace
{
    /// <inheritdoc />
    public override string Where => folder;

    private string JournalFolder => Path.Combine(folder, DataFolders.Journal);

    private string PhotosFolder => Path.Combine(folder, DataFolders.Photos);

    /// <inheritdoc />
    public override Task<OpenedJournal> OpenAsync(TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // Opening makes what is not there.
        if (!System.IO.Directory.Exists(JournalFolder))
        {
            throw Refusals.NothingThere(Where);
        }
        var journal = LocalJournal.Open(
            // A copy is no judge of clocks.
            new LocalJournalOptions { Directory = JournalFolder, ClockLeadMax = TimeSpan.MaxValue },
            () => Instant.From(time.GetUtcNow()),
            time,
            logs.CreateLogger<LocalJournal>()
        );
        return Task.FromResult(new OpenedJournal(journal, journal.FirstPosition, Where));
    }

    /// <inheritdoc />
    internal override Task<ICopyTarget> BeginAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<ICopyTarget>(LocalCopyTarget.Begin(JournalFolder));
    }

    /// <inheritdoc />
    internal override async IAsyncEnumerable<byte[]> PicturesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        string[] files = System.IO.Directory.Exists(PhotosFolder)
            ? System.IO.Directory.GetFiles(PhotosFolder, "*", SearchOption.AllDirectories)
            : [];
        foreach (var file in files)
        {
            var picture = await File.ReadAllBytesAsync(file, cancel);
            // Or it is what a server left that ended while it wrote.
            if (PhotoFiles.NameOf(picture) == Path.GetFileName(file))
            {
                yield return picture;
            }
        }
    }

    /// <inheritdoc />
    internal override async Task<int> KeepAsync(IAsyncEnumerable<byte[]> pictures)
    {
        var (photos, kept) = (new PhotoFiles(PhotosFolder), 0);
        await foreach (var picture in pictures)
        {
            photos.Store(PhotoFiles.NameOf(picture), picture);
            kept++;
        }
        return kept;
    }
}
