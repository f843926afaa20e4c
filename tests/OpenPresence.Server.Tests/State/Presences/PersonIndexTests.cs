using System.Runtime.InteropServices;
using OpenPresence.Server.State;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.State.Presences;

public sealed class PersonIndexTests
{
    private static readonly Guid Anna = new("fa8bf3dc-eca7-46b7-bad1-db199b62afc3");

    [Fact]
    public void An_empty_index_knows_nobody()
    {
        var index = new PersonIndex();
        Assert.False(index.TryFind(Anna, out _));
        Assert.False(index.Remove(Anna));
        Assert.False(index.TryUpdate(Entry(Anna, 1)));
        Assert.Equal(0, index.Count);
    }

    [Fact]
    public void The_empty_id_is_nobody()
    {
        var index = new PersonIndex();
        index.TryAdd(Entry(Anna, 1));
        Assert.Throws<ArgumentException>(() => index.TryAdd(Entry(Guid.Empty, 1)));
        Assert.False(index.TryUpdate(Entry(Guid.Empty, 1)));
        Assert.False(index.Remove(Guid.Empty));
        Assert.False(index.TryFind(Guid.Empty, out _));
        var found = new PersonEntry[1];
        index.FindMany([Guid.Empty], found);
        Assert.Equal(default, found[0]);
    }

    [Fact]
    public void An_id_is_added_once_only()
    {
        var index = new PersonIndex();
        Assert.True(index.TryAdd(Entry(Anna, 1)));
        Assert.False(index.TryAdd(Entry(Anna, 2)));
        Assert.True(index.TryFind(Anna, out PersonEntry entry));
        Assert.Equal(Entry(Anna, 1), entry);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_operations_give_what_a_dictionary_gives(int seed)
    {
        var random = new Random(seed);
        var index = new PersonIndex(new PersonHash((ulong)seed, 2, 3));
        var oracle = new Dictionary<Guid, PersonEntry>();
        Guid[] ids = Ids(random, 3_000);
        for (int step = 0; step < 60_000; step++)
        {
            // The weights drift, so that the index fills, is emptied and fills again.
            bool filling = step / 15_000 % 2 == 0;
            Guid id = ids[random.Next(ids.Length)];
            PersonEntry entry = Entry(id, step + 1);
            switch (random.Next(4))
            {
                case 0:
                    Assert.Equal(oracle.ContainsKey(id), index.TryUpdate(entry));
                    if (oracle.ContainsKey(id))
                    {
                        oracle[id] = entry;
                    }

                    break;
                case 1 when filling:
                case 2 or 3 when !filling:
                    Assert.Equal(oracle.Remove(id), index.Remove(id));
                    break;
                default:
                    Assert.Equal(oracle.TryAdd(id, entry), index.TryAdd(entry));
                    break;
            }
        }

        Assert.Equal(oracle.Count, index.Count);
        AssertSame(oracle, index, ids);
    }

    [Theory]
    [InlineData("random")]
    [InlineData("sequential")]
    [InlineData("only the ends of the halves differ")]
    public void A_person_costs_at_most_56_bytes_on_average_whatever_the_ids_look_like(string kind)
    {
        var random = new Random(7);
        var index = new PersonIndex(new PersonHash(1, 2, 3));
        var ids = new Guid[1 << 16];
        double bytesAPerson = 0;
        Span<byte> bytes = stackalloc byte[16];
        for (int i = 0; i < ids.Length; i++)
        {
            bytes.Fill(0x55);
            switch (kind)
            {
                case "random":
                    random.NextBytes(bytes);
                    break;
                case "sequential":
                    MemoryMarshal.Write(bytes, i);
                    break;
                default:
                    bytes[7] = (byte)i;
                    bytes[14] = (byte)(i >> 16);
                    bytes[15] = (byte)(i >> 8);
                    break;
            }

            ids[i] = new Guid(bytes);
            Assert.True(index.TryAdd(Entry(ids[i], i + 1)));
            bytesAPerson += i < ids.Length / 2 ? 0 : (double)index.Bytes / index.Count;
        }

        AssertSame(ids.Select((id, i) => Entry(id, i + 1)).ToDictionary(e => e.Id), index, ids);
        Assert.InRange(bytesAPerson / (ids.Length / 2), 32, 56);
    }

    [Fact]
    public void A_large_index_goes_on_in_larger_pieces_of_memory()
    {
        var index = new PersonIndex(new PersonHash(1, 2, 3));
        Guid[] ids = Ids(new Random(11), 1 << 18); // 11 MB of it, of which the first 4 come in small pieces
        for (int i = 0; i < ids.Length; i++)
        {
            Assert.True(index.TryAdd(Entry(ids[i], i + 1)));
        }

        AssertSame(ids.Select((id, i) => Entry(id, i + 1)).ToDictionary(e => e.Id), index, ids);
    }

    internal static Guid[] Ids(Random random, int count)
    {
        var ids = new Guid[count];
        random.NextBytes(MemoryMarshal.AsBytes(ids.AsSpan()));
        return ids;
    }

    /// <summary>An entry of which every member follows from the sequence.</summary>
    internal static PersonEntry Entry(Guid id, int sequence) =>
        new(id, sequence * 7, (ushort)sequence, (byte)(sequence >> 1), (PersonFlags)(sequence & 3), sequence);

    private static void AssertSame(Dictionary<Guid, PersonEntry> oracle, PersonIndex index, Guid[] ids)
    {
        var found = new PersonEntry[ids.Length];
        index.FindMany(ids, found);
        for (int i = 0; i < ids.Length; i++)
        {
            PersonEntry expected = oracle.GetValueOrDefault(ids[i]);
            Assert.True(expected == found[i]);
            Assert.Equal(oracle.ContainsKey(ids[i]), index.TryFind(ids[i], out PersonEntry one));
            Assert.True(expected == one);
        }
    }
}
