using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Photos;
using OpenPresence.Server.Tests.Issuer;

namespace OpenPresence.Server.Tests.Photos;

public sealed class PhotoFilesTests
{
    [Fact]
    public async Task What_was_stored_is_read_and_twice_the_same_is_one_file()
    {
        using var folder = new TemporaryDirectory();
        var files = new PhotoFiles(folder.Path);
        byte[] picture = [1, 2, 3];
        var name = PhotoFiles.NameOf(picture);
        files.Store(name, picture);
        files.Store(name, picture);
        Assert.Equal(picture, await files.ReadAsync(name, TestContext.Current.CancellationToken));
        Assert.Single(System.IO.Directory.GetFiles(folder.Path, "*", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_sweep_leaves_what_somebody_has()
    {
        using var folder = new TemporaryDirectory();
        var files = new PhotoFiles(folder.Path);
        byte[][] pictures =
        [
            [1],
            [2],
            [3],
        ];
        foreach (var picture in pictures)
        {
            files.Store(PhotoFiles.NameOf(picture), picture);
        }
        await File.WriteAllBytesAsync(folder.File("draft.new"), pictures[0], TestContext.Current.CancellationToken);
        var used = new HashSet<string> { PhotoFiles.NameOf(pictures[1]) };

        Assert.Equal(3, files.Sweep(() => used));
        foreach (var picture in pictures)
        {
            var name = PhotoFiles.NameOf(picture);
            var read = await files.ReadAsync(name, TestContext.Current.CancellationToken);
            Assert.Equal(used.Contains(name), read is not null);
        }
        Assert.Equal(0, new PhotoFiles(folder.File("none")).Sweep(() => used));
    }

    [Fact]
    public void A_round_leaves_other_parts_and_what_was_stored_lately()
    {
        using var folder = new TemporaryDirectory();
        var files = new PhotoFiles(folder.Path);
        var (first, other) = (Picture('0'), Picture('1'));
        files.Store(PhotoFiles.NameOf(first), first);
        files.Store(PhotoFiles.NameOf(other), other);

        Assert.Equal(0, files.SweepPart(0, Nobody)); // its entry may not be applied yet
        Assert.Equal(0, files.SweepPart(0, Nobody));
        Assert.Equal(0, files.SweepPart(0, () => new HashSet<string> { PhotoFiles.NameOf(first) }));
        Assert.Equal(1, files.SweepPart(0, Nobody));
        Assert.Equal(0, files.SweepPart(0, Nobody));
        Assert.Equal(1, files.SweepPart(1, Nobody));

        files.Store(PhotoFiles.NameOf(other), other);
        Assert.Equal(0, files.SweepPart(1, Nobody));
        Assert.Equal(0, new PhotoFiles(folder.File("none")).SweepPart(0, Nobody));
    }

    [Fact]
    public async Task Every_hour_there_is_a_round_over_one_part()
    {
        using var folder = new TemporaryDirectory();
        var (first, third) = (Picture('0'), Picture('2'));
        var before = new PhotoFiles(folder.Path);
        before.Store(PhotoFiles.NameOf(first), first);
        before.Store(PhotoFiles.NameOf(third), third);
        var clock = new ManualClock();
        var asked = Channel.CreateUnbounded<string>();
        var files = new PhotoFiles(folder.Path);
        await using (new PhotoSweeps(files, Used, () => true, clock, NullLogger.Instance))
        {
            clock.Advance(PhotoSweeps.Every);
            Assert.Equal("0", await NextAsync());
            clock.Advance(PhotoSweeps.Every); // of 1 there is no file: nobody is asked
            clock.Advance(PhotoSweeps.Every);
        }
        Assert.Null(await files.ReadAsync(PhotoFiles.NameOf(first), Cancel));

        IReadOnlySet<string> Used(string prefix)
        {
            asked.Writer.TryWrite(prefix);
            return new HashSet<string>();
        }

        ValueTask<string> NextAsync() => asked.Reader.ReadAsync(Cancel);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static HashSet<string> Nobody() => [];

    /// <summary>Bytes whose digest begins with that digit.</summary>
    private static byte[] Picture(char digit) =>
        Enumerable
            .Range(0, 256)
            .Select(number => new[] { (byte)number })
            .First(bytes => PhotoFiles.NameOf(bytes)[0] == digit);

    [Fact]
    public async Task What_was_never_stored_is_not_there()
    {
        using var folder = new TemporaryDirectory();
        var files = new PhotoFiles(Path.Combine(folder.Path, "none"));
        var read = await files.ReadAsync(PhotoFiles.NameOf([]), TestContext.Current.CancellationToken);
        Assert.Null(read);
    }
}
