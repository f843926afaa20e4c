using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>The local journal, over a disk in memory.</summary>
public sealed class LocalJournalContract : JournalContract
{
    private readonly MemoryDisk _disk = new();

    protected override ValueTask<IJournal> OpenAsync() =>
        ValueTask.FromResult<IJournal>(JournalSteps.Open(_disk, clock: Clock));

    protected override Task DamageSnapshotAsync(long position)
    {
        var bytes = _disk[new SnapshotId(position, default).Name];
        bytes[^1] ^= 1;
        return Task.CompletedTask;
    }
}

/// <summary>The local journal, over a real directory.</summary>
public sealed class LocalJournalOnDiskContract : JournalContract, IDisposable
{
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("op-");

    public void Dispose() => _directory.Delete(recursive: true);

    protected override ValueTask<IJournal> OpenAsync()
    {
        var options = JournalSteps.Small with { Directory = _directory.FullName };
        return ValueTask.FromResult<IJournal>(
            LocalJournal.Open(options, () => Instant.From(Clock.GetUtcNow()), Clock, NullLogger<LocalJournal>.Instance)
        );
    }

    protected override async Task DamageSnapshotAsync(long position)
    {
        var path = Path.Combine(_directory.FullName, new SnapshotId(position, default).Name);
        var bytes = await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken);
        bytes[^1] ^= 1;
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
    }
}
