using System.Buffers;
using OpenPresence.Engine;
using OpenPresence.Server.Serialization;
using OpenPresence.Server.Tests.State.Machine;

namespace OpenPresence.Server.Tests.Serialization;

public sealed class RecordCodecTests
{
    private const int Seeds = 500;
    private const int SeedsDamaged = 40;

    [Fact]
    public void What_is_read_equals_what_was_written()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var record = RandomRecords.Of(seed);
            var bytes = Bytes(record);
            var read = Read(bytes);
            Assert.True(record == read, $"seed {seed}: {record} became {read}");
            Assert.Equal(bytes, Bytes(read));
        }
    }

    [Fact]
    public void What_is_damaged_is_refused_or_taken_as_it_is()
    {
        for (var seed = 0; seed < SeedsDamaged; seed++)
        {
            var whole = Bytes(RandomRecords.Of(seed));
            EveryDamage.IsRefusedOrTakenAsItIs(whole, bytes => Bytes(Read(bytes)));
        }
    }

    [Fact]
    public void A_count_beyond_what_the_bytes_can_hold_is_refused_before_room_is_made_for_it() =>
        Assert.Throws<InvalidDataException>(() => Read([0xFF, 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0]));

    private static byte[] Bytes(PresenceRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>();
        RecordCodec.Write(new PackedWriter(buffer), record);
        return buffer.WrittenSpan.ToArray();
    }

    private static PresenceRecord Read(byte[] bytes)
    {
        var input = new PackedReader(bytes);
        var record = RecordCodec.Read(ref input);
        return input.AtEnd ? record : throw PackedReader.Broken();
    }
}
