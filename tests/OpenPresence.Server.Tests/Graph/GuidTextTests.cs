using System.Text;
using OpenPresence.Server.Graph;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.Graph;

public sealed class GuidTextTests
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 256).Select(i => (byte)i)];

    [Fact]
    public void An_id_is_read_as_Guid_reads_it()
    {
        var random = new Random(5);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(new Guid(random.GetItems(Bytes, 16)).ToString());
            for (int change = random.Next(4); change > 0; change--)
            {
                text[random.Next(36)] = (byte)"0123456789abcdefABCDEFgG@`/:-_\0"[random.Next(31)];
            }

            string asText = Encoding.UTF8.GetString(text);
            bool expected = Guid.TryParseExact(asText, "D", out Guid id);
            Assert.True(expected == GuidText.TryParse(text, out Guid parsed, out bool canonical), asText);
            Assert.True(!expected || parsed == id, asText);
            Assert.True(!expected || canonical == (id.ToString() == asText), asText);
        }
    }

    [Fact]
    public void An_id_is_written_as_Guid_writes_it()
    {
        var random = new Random(6);
        for (int i = 0; i < 10_000; i++)
        {
            var id = new Guid(random.GetItems(Bytes, 16));
            byte[] text = [.. Enumerable.Repeat((byte)'#', GuidText.Length + 1)];
            GuidText.Write(id, text);
            Assert.Equal(id + "#", Encoding.UTF8.GetString(text));
        }
    }

    [Fact]
    public void A_sequence_is_written_as_its_text_says()
    {
        var random = new Random(7);
        for (int i = 0; i < 10_000; i++)
        {
            long sequence = random.NextInt64() >> random.Next(63);
            byte[] text = new byte[Sequence.TextBytes];
            Sequence.Write(sequence, text);
            Assert.Equal(Sequence.Text(sequence), Encoding.UTF8.GetString(text));
        }
    }
}
