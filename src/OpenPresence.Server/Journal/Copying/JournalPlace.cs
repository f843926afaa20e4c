using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Journal.Copying;

/// <summary>
/// Where a journal is, as a command line names it: a data directory. Opening it takes the same locks as a server does, so a
/// journal in use is refused.
/// </summary>
public sealed class JournalPlace
{
    private readonly string folder;

    private JournalPlace(string folder) => this.folder = folder;

    /// <summary>The place in words that may be shown.</summary>
    public string Where => folder;

    private string JournalFolder => Path.Combine(folder, ServerParts.JournalFolder);

    /// <summary>Reads a data directory's path.</summary>
    public static JournalPlace Parse(string text) => new(Path.GetFullPath(text));

    /// <summary>Opens the journal that is there.</summary>
    /// <exception cref="JournalRefusedException">There is none, or it is in use, or damaged.</exception>
    public Task<OpenedJournal> OpenAsync(TimeProvider time, CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        // Opening makes what is not there.
        if (!System.IO.Directory.Exists(JournalFolder))
        {
            throw Refusals.NothingThere(Where);
        }
        var journal = LocalJournal.Open(
            // A copy is no judge of clocks.
            new LocalJournalOptions
            {
                Directory = JournalFolder,
                ClockLeadMax = TimeSpan.MaxValue,
            },
            () => Instant.From(time.GetUtcNow()),
            time,
            NullLogger<LocalJournal>.Instance
        );
        return Task.FromResult(new OpenedJournal(journal, journal.FirstPosition, Where));
    }

    /// <summary>Begins to write a copy here.</summary>
    /// <exception cref="JournalRefusedException">Something is there.</exception>
    internal Task<ICopyTarget> BeginAsync(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        return Task.FromResult<ICopyTarget>(LocalCopyTarget.Begin(JournalFolder));
    }
}
