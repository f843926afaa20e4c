using OpenPresence.Server.Photos;
using OpenPresence.Server.Tests.Auth.Issuer;

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
        await File.WriteAllBytesAsync(
            folder.File("draft.new"),
            pictures[0],
            TestContext.Current.CancellationToken
        );
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
    public async Task What_was_never_stored_is_not_there()
    {
        using var folder = new TemporaryDirectory();
        var files = new PhotoFiles(Path.Combine(folder.Path, "none"));
        var read = await files.ReadAsync(
            PhotoFiles.NameOf([]),
            TestContext.Current.CancellationToken
        );
        Assert.Null(read);
    }
}
