using OpenPresence.Server.Journal;

namespace OpenPresence.Server.Photos;

/// <summary>
/// Sweeps the pictures that no person has any more while the server runs: one part of the folders each hour, so
/// everything
/// in less than a day. One round looks at everybody once, and holds the names of that part.
/// </summary>
public sealed class PhotoSweeps : IAsyncDisposable
{
    /// <summary>How often a part is swept.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromHours(1);

    private readonly PhotoFiles files;
    private readonly Func<string, IReadOnlySet<string>> usedNow;
    private readonly Func<bool> sweepsForAll;
    private readonly ILogger log;
    private readonly PeriodicTimer rounds;
    private readonly Task running;
    private int part;

    /// <param name="files">The pictures.</param>
    /// <param name="usedNow">Those that a person has, of the names that begin so.</param>
    /// <param name="sweepsForAll">Whether this is the node that removes those which all nodes share.</param>
    /// <param name="time">For the rounds.</param>
    /// <param name="log">For what cannot be removed.</param>
    public PhotoSweeps(
        PhotoFiles files,
        Func<string, IReadOnlySet<string>> usedNow,
        Func<bool> sweepsForAll,
        TimeProvider time,
        ILogger log
    )
    {
        (this.files, this.usedNow, this.sweepsForAll, this.log) = (files, usedNow, sweepsForAll, log);
        rounds = new PeriodicTimer(Every, time);
        running = Task.Run(RunAsync);
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        rounds.Dispose();
        await running;
    }

    private async Task RunAsync()
    {
        while (await rounds.WaitForNextTickAsync())
        {
            try
            {
                var digit = PhotoFiles.DigitOf(part);
                files.SweepPart(part, () => usedNow(digit));
                if (sweepsForAll())
                {
                    await files.SweepSharedPartAsync(part, () => usedNow(digit));
                }
            }
            catch (Exception outage)
                when (outage is IOException or UnauthorizedAccessException or JournalUnavailableException)
            {
                log.LogWarning(outage, "Photos that nobody has could not be removed.");
            }
            part = (part + 1) % PhotoFiles.Parts;
        }
    }
}
