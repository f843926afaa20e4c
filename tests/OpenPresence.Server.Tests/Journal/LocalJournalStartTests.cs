using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>When the local journal refuses to start, and what it says.</summary>
public sealed class LocalJournalStartTests : IDisposable
{
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("op-");
    private readonly ManualClock _clock = new();
    private readonly MemoryDisk _disk = new();

    public void Dispose() => _directory.Delete(recursive: true);

    [Fact]
    public async Task A_second_server_on_the_same_directory_is_refused_until_the_first_one_stops()
    {
        await using (OpenOnDisk())
        {
            var refused = Assert.Throws<JournalRefusedException>(OpenOnDisk);
            Assert.Equal(JournalRefusal.InUse, refused.Refusal);
            Assert.Contains(_directory.FullName, refused.Message, StringComparison.Ordinal);
        }

        await using var next = OpenOnDisk();
    }

    [Fact]
    public async Task A_start_that_was_refused_leaves_the_directory_unlocked()
    {
        await using (var journal = OpenOnDisk())
        {
            _ = await journal.AppendAsync("noon");
        }

        _clock.Advance(TimeSpan.FromDays(-1));
        Assert.Throws<JournalRefusedException>(OpenOnDisk);
        _clock.Advance(TimeSpan.FromDays(1));
        await using var next = OpenOnDisk();
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(5 * 60, true)]
    [InlineData(5 * 60 + 1, false)]
    public async Task A_last_entry_beyond_the_clock_is_allowed_up_to_the_bound(int leadSeconds, bool starts)
    {
        await using (var journal = Open())
        {
            _ = await journal.AppendAsync("noon");
        }

        _clock.Advance(TimeSpan.FromSeconds(-leadSeconds));
        if (starts)
        {
            await using var journal = Open();
            _ = await journal.AppendAsync("later");
            var entries = await journal.ReadAllAsync();
            Assert.Equal(entries[0].At, entries[1].At);
        }
        else
        {
            var refused = Assert.Throws<JournalRefusedException>(() => Open());
            Assert.Equal(JournalRefusal.ClockBehind, refused.Refusal);
            Assert.Contains("2026-08-27T12:00:00", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_clock_that_can_be_moved_may_have_been_ahead_by_any_time()
    {
        _clock.Advance(TimeSpan.FromDays(3650));
        await using (var journal = Open())
        {
            _ = await journal.AppendAsync("in ten years");
        }

        _clock.Advance(TimeSpan.FromDays(-3650));
        await using var again = Open(JournalSteps.Small with { ClockLeadMax = TimeSpan.MaxValue });
        Assert.Equal(1, again.LastPosition);
    }

    [Fact]
    public async Task The_instant_of_the_last_entry_outlives_its_segment()
    {
        var options = JournalSteps.Small with { CommandIdsKept = 1 };
        await using (var journal = Open(options))
        {
            for (var i = 1; i <= 12; i++)
            {
                _ = await journal.AppendAsync(new string('x', 4000));
            }
        }

        // The last segment is empty, as after a crash between beginning it and writing to it.
        var last = _disk.Names[^1];
        _disk[last].AsSpan(SegmentHeader.Bytes).Clear();
        _clock.Advance(TimeSpan.FromMinutes(-1));
        await using var again = Open(options);
        var position = await again.AppendAsync("after");
        var entries = await again.ReadAllAsync(position - 2);
        Assert.Equal(entries[0].At, entries[^1].At);
    }

    [Fact]
    public async Task What_a_crash_left_unfinished_is_deleted_without_ado()
    {
        _disk.Put("snapshot.tmp", [1, 2, 3]);
        _disk.Put("spare.tmp", new byte[100]);
        await using var journal = Open();
        Assert.DoesNotContain(_disk.Names, name => name.EndsWith(".tmp", StringComparison.Ordinal));
        Assert.Empty(journal.Notices);
    }

    [Fact]
    public async Task Other_files_in_the_directory_are_left_alone()
    {
        _disk.Put("notes.txt", [1]);
        _disk.Put("not-a-number.entries", [1]);
        _disk.Put("00000000000000000001.entries.cut", [1]);
        await using var journal = Open();
        Assert.Equal(1, await journal.AppendAsync("first"));
        Assert.Contains("notes.txt", _disk.Names);
    }

    [Fact]
    public async Task Only_the_latest_command_ids_are_remembered()
    {
        await using var journal = Open(JournalSteps.Small with { CommandIdsKept = 2 });
        var id = Guid.NewGuid();
        _ = await journal.AppendAsync(id, default);
        _ = await journal.AppendAsync("1");
        Assert.True((await journal.AppendAsync(id, default)).Repeated);
        _ = await journal.AppendAsync("2");
        Assert.False((await journal.AppendAsync(id, default)).Repeated);
    }

    [Fact]
    public void A_setting_out_of_its_range_is_named()
    {
        var options = new LocalJournalOptions { Directory = "x", SegmentBytes = 1 };
        var wrong = Assert.Throws<ArgumentOutOfRangeException>(options.Validate);
        Assert.Equal(nameof(LocalJournalOptions.SegmentBytes), wrong.ParamName);
        new LocalJournalOptions { Directory = "x" }.Validate();
    }

    [Fact]
    public async Task The_directory_is_for_its_owner_only()
    {
        var directory = Path.Combine(_directory.FullName, "new");
        await using var journal = LocalJournal.Open(
            JournalSteps.Small with
            {
                Directory = directory,
            },
            () => Instant.From(_clock.GetUtcNow()),
            _clock,
            NullLogger<LocalJournal>.Instance
        );
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(directory)
            );
        }
    }

    private LocalJournal Open(LocalJournalOptions? options = null) => JournalSteps.Open(_disk, options, _clock);

    private LocalJournal OpenOnDisk() =>
        LocalJournal.Open(
            JournalSteps.Small with
            {
                Directory = _directory.FullName,
            },
            () => Instant.From(_clock.GetUtcNow()),
            _clock,
            NullLogger<LocalJournal>.Instance
        );
}
