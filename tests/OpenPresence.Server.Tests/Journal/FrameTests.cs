using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Journal.Local;

namespace OpenPresence.Server.Tests.Journal;

public sealed class FrameTests
{
    [Fact]
    public void The_checksum_is_CRC_32C()
    {
        Assert.Equal(0xE3069283u, Crc32C.Of("123456789"u8));
        Assert.Equal(0u, Crc32C.Of([]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1000)]
    public void What_is_written_is_read_back(int payloadBytes)
    {
        var (header, bytes) = Sample(payloadBytes);
        Assert.Equal(0, bytes.Length % 8);
        Assert.Equal(FrameState.Whole, Frame.Read(bytes, out var read));
        Assert.Equal(header, read);
    }

    [Fact]
    public void A_change_of_any_bit_is_noticed()
    {
        var (_, bytes) = Sample(13);
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(FrameState.Whole, Frame.Read(bytes, out _));
            bytes[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Fact]
    public void Any_part_of_a_frame_asks_for_more()
    {
        var (_, bytes) = Sample(13);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(FrameState.Short, Frame.Read(bytes.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void Zeros_were_never_written()
    {
        Assert.Equal(FrameState.Blank, Frame.Read(new byte[64], out _));
    }

    [Fact]
    public void A_segment_header_of_another_version_is_refused_by_name()
    {
        var header = new SegmentHeader(7, 6, new Instant(5));
        var block = header.ToBlock();
        Assert.Equal(header, SegmentHeader.Read(header.Name, block));
        block[8] = 2;
        var refused = Assert.Throws<OpenPresence.Server.Journal.JournalRefusedException>(() =>
            SegmentHeader.Read(header.Name, block)
        );
        Assert.Equal(OpenPresence.Server.Journal.JournalRefusal.UnknownFormat, refused.Refusal);
        Assert.Contains("version 2", refused.Message, StringComparison.Ordinal);
    }

    private static (FrameHeader, byte[]) Sample(int payloadBytes)
    {
        var payload = new byte[payloadBytes];
        new Random(1).NextBytes(payload);
        var header = new FrameHeader(
            FrameKind.Entry,
            payloadBytes,
            42,
            new Instant(4711),
            new Guid("00112233-4455-6677-8899-aabbccddeeff"),
            41
        );
        var bytes = new byte[Frame.BytesOf(payloadBytes)];
        Assert.Equal(bytes.Length, Frame.Write(bytes, header, payload));
        return (header, bytes);
    }
}
