using OpenPresence.Server.Photos;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Photos;

public sealed class PictureTests
{
    /// <summary>Start, an application segment, a frame of 33 by 17 pixels, end.</summary>
    private static readonly byte[] Jpeg =
    [
        0xFF,
        0xD8,
        0xFF,
        0xE0,
        0,
        4,
        1,
        2,
        0xFF,
        0xC4,
        0,
        3,
        9,
        0xFF,
        0xC2,
        0,
        11,
        8,
        0,
        17,
        0,
        33,
        1,
        1,
        0x11,
        0,
        0xFF,
        0xD9,
    ];

    private static byte[] Png =>
        File.ReadAllBytes(Path.Combine(ProjectFiles.Root, "src/OpenPresence.Server/Seed/photos/mara.png"));

    [Fact]
    public void A_picture_says_what_it_is_and_how_large()
    {
        Assert.Equal(new PersonPhoto("x", PhotoForm.Png, 240, 240), Picture.Read(Png, "x"));
        Assert.Equal(new PersonPhoto("x", PhotoForm.Jpeg, 33, 17), Picture.Read(Jpeg, "x"));
    }

    [Fact]
    public void A_picture_that_is_cut_off_before_its_size_is_none()
    {
        for (var length = 0; length < 22; length++)
        {
            Assert.Null(Picture.Read(Jpeg.AsSpan(0, length), "x"));
            Assert.Null(Picture.Read(Png.AsSpan(0, length), "x"));
        }
    }

    [Theory]
    [InlineData(19)]
    [InlineData(21)]
    public void A_side_of_no_pixels_is_none(int at)
    {
        byte[] bytes = [.. Jpeg];
        bytes[at] = 0;
        Assert.Null(Picture.Read(bytes, "x"));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(20261121)]
    public void Noise_behind_a_true_beginning_is_read_or_refused_and_never_throws(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 5_000; i++)
        {
            var bytes = new byte[random.Next(64)];
            random.NextBytes(bytes);
            byte[] start = random.Next(2) == 0 ? Jpeg[..2] : Png[..8];
            var read = Picture.Read([.. start, .. bytes], "x");
            Assert.True(
                read is null || (read.Width is > 0 and <= Picture.SidePixelsMax && read.Height > 0),
                $"seed {seed}, {i}"
            );
        }
    }
}
