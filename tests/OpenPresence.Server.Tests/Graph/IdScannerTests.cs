using System.Text;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.Tests.Graph;

public sealed class IdScannerTests
{
    private const string A = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";
    private const string B = "66825e03-7ef5-42da-9069-724602c31f6b";

    private readonly Guid[] ids = new Guid[IdScanner.ElementsMax];
    private readonly int[] textAt = new int[IdScanner.ElementsMax];

    [Theory]
    [InlineData("{'ids':['" + A + "','" + B + "']}")]
    [InlineData(" {\r\n\t'ids' : [ '" + A + "' , '" + B + "' ] } ")]
    [InlineData("\uFEFF{'ids':['" + A + "','" + B + "']}")]
    [InlineData("{'IDs':['" + A + "','" + B + "']}")]
    [InlineData("{'\\u0069ds':['" + A + "','" + B + "']}")]
    [InlineData("{'@odata.type':{'ids':[1]},'ids':['" + A + "','" + B + "'],'more':[[]]}")]
    public void Ids_are_read_in_order_with_the_place_of_their_text(string body)
    {
        byte[] bytes = Bytes(body);
        Assert.Equal(new IdScan(IdFault.None, 2, 0), IdScanner.Scan(bytes, ids, textAt));
        Assert.Equal([new Guid(A), new Guid(B)], ids[..2]);
        Assert.Equal(A, Encoding.UTF8.GetString(bytes, textAt[0], 36));
        Assert.Equal(B, Encoding.UTF8.GetString(bytes, textAt[1], 36));
    }

    [Theory]
    [InlineData("FA8BF3DC-ECA7-46B7-BAD1-DB199B62AFC3")]
    [InlineData("fa8bf3dc-eca7-46b7-bad1-db199b62afC3")]
    [InlineData("\\u0066a8bf3dc-eca7-46b7-bad1-db199b62afc3")]
    public void A_text_that_is_not_as_we_write_it_has_no_place(string text)
    {
        IdScan scan = IdScanner.Scan(Bytes($"{{'ids':['{text}']}}"), ids, textAt);
        Assert.Equal(new IdScan(IdFault.None, 1, 0), scan);
        Assert.Equal(new Guid(A), ids[0]);
        Assert.Equal(IdScanner.NoText, textAt[0]);
    }

    [Theory]
    [InlineData("", IdFault.Malformed)]
    [InlineData("{'ids':['" + A + "']", IdFault.Malformed)]
    [InlineData("{'ids':['" + A + "',]}", IdFault.Malformed)]
    [InlineData("{'ids':['" + A + "']}}", IdFault.Malformed)]
    [InlineData("{'ids':['" + A + "' '" + B + "']}", IdFault.Malformed)]
    [InlineData("{'ids':['x'],", IdFault.Malformed)]
    [InlineData("null", IdFault.NotAnObject)]
    [InlineData("['" + A + "']", IdFault.NotAnObject)]
    [InlineData("{}", IdFault.Missing)]
    [InlineData("{'id':['" + A + "']}", IdFault.Missing)]
    [InlineData("{'ids':['" + A + "'],'Ids':[]}", IdFault.Repeated)]
    [InlineData("{'ids':null}", IdFault.NotAnArray)]
    [InlineData("{'ids':'" + A + "'}", IdFault.NotAnArray)]
    [InlineData("{'ids':{'0':'" + A + "'}}", IdFault.NotAnArray)]
    [InlineData("{'ids':[]}", IdFault.Empty)]
    [InlineData("{'ids':['" + A + "','']}", IdFault.NotAGuid, 1)]
    [InlineData("{'ids':['" + A + "',null,'x']}", IdFault.NotAGuid, 1)]
    [InlineData("{'ids':[['" + A + "']]}", IdFault.NotAGuid)]
    [InlineData("{'ids':['{fa8bf3dc-eca7-46b7-bad1-db199b62af}']}", IdFault.NotAGuid)]
    [InlineData("{'ids':['fa8bf3dceca746b7bad1db199b62afc3']}", IdFault.NotAGuid)]
    [InlineData("{'ids':['fa8bf3dc-eca7-46b7-bad1-db199b62afcg']}", IdFault.NotAGuid)]
    [InlineData("{'ids':['fa8bf3dc-eca7-46b7-bad1+db199b62afc3']}", IdFault.NotAGuid)]
    [InlineData("{'ids':['" + A + " ']}", IdFault.NotAGuid)]
    [InlineData("{'ids':['\\ud800']}", IdFault.NotAGuid)]
    public void A_fault_is_named(string body, IdFault fault, int at = 0) =>
        Assert.Equal(new IdScan(fault, 0, at), IdScanner.Scan(Bytes(body), ids, textAt));

    [Theory]
    [InlineData(650, 0, IdFault.None)]
    [InlineData(651, 0, IdFault.TooMany)]
    [InlineData(650, 1, IdFault.None)]
    [InlineData(650, 650, IdFault.None)]
    [InlineData(650, 651, IdFault.TooMany)]
    [InlineData(1, 1299, IdFault.None)]
    [InlineData(1301, 0, IdFault.TooMany)]
    public void Distinct_ids_and_elements_are_limited(int distinct, int repeated, IdFault fault)
    {
        var random = new Random(1);
        string[] texts = [.. Enumerable.Range(0, distinct).Select(_ => RandomId(random).ToString())];
        IEnumerable<string> all = texts.Concat(Enumerable.Range(0, repeated).Select(i => texts[i % distinct]));
        byte[] body = Bytes($"{{'ids':['{string.Join("','", all)}']}}");
        IdScan scan = IdScanner.Scan(body, ids, textAt);
        Assert.Equal(fault, scan.Fault);
        Assert.Equal(fault == IdFault.None ? distinct + repeated : 0, scan.Count);
    }

    [Theory]
    [InlineData("{'ids':['" + A + "','" + B + "']}")]
    [InlineData("{ 'ids': ['" + A + "', '" + B + "'] }")]
    public void The_regular_form_needs_no_JSON_reader(string body)
    {
        Assert.True(IdScanner.TryRegular(Bytes(body), ids, textAt, out int count));
        Assert.Equal(2, count);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] body = Bytes($"{{'ids':['{A}']}}");
        body[12] = 0xFF;
        Assert.Equal(IdFault.NotAGuid, IdScanner.Scan(body, ids, textAt).Fault);
    }

    [Fact]
    public void Both_paths_give_the_same_for_random_bodies()
    {
        var plainIds = new Guid[IdScanner.ElementsMax];
        var plainTextAt = new int[IdScanner.ElementsMax];
        int regular = 0;
        for (int seed = 0; seed < 20_000; seed++)
        {
            byte[] body = RandomBody(new Random(seed));
            IdScan scan = IdScanner.Scan(body, ids, textAt);
            IdScan plain = IdScannerPlain.Scan(body, plainIds, plainTextAt);
            Assert.True(scan == plain, $"seed {seed}: {scan} is not {plain}");
            Assert.True(ids.AsSpan(0, scan.Count).SequenceEqual(plainIds.AsSpan(0, scan.Count)));
            Assert.True(textAt.AsSpan(0, scan.Count).SequenceEqual(plainTextAt.AsSpan(0, scan.Count)));
            regular += scan.Fault == IdFault.None ? 1 : 0;
        }

        Assert.InRange(regular, 2_000, 18_000);
    }

    [Fact]
    public void An_id_is_read_as_Guid_reads_it()
    {
        var random = new Random(5);
        for (int i = 0; i < 50_000; i++)
        {
            byte[] text = Encoding.UTF8.GetBytes(RandomId(random).ToString());
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

    /// <summary>A body in the regular form, or with a few bytes changed, removed or put in.</summary>
    private static byte[] RandomBody(Random random)
    {
        string between = random.Next(3) == 0 ? ", " : ",";
        IEnumerable<string> texts = Enumerable
            .Range(0, random.Next(1, 5))
            .Select(_ => RandomId(random).ToString())
            .Select(text => random.Next(8) == 0 ? text.ToUpperInvariant() : text)
            .Select(text => $"'{text}'");
        List<byte> body = [.. Bytes($"{{'ids':[{string.Join(between, texts)}]}}")];
        for (int change = random.Next(3); change > 0; change--)
        {
            int at = random.Next(body.Count);
            byte value = (byte)"{}[]:,\"\\ \n-0aFgu"[random.Next(16)];
            switch (random.Next(3))
            {
                case 0:
                    body[at] = value;
                    break;
                case 1:
                    body.Insert(at, value);
                    break;
                default:
                    body.RemoveAt(at);
                    break;
            }
        }

        return [.. body];
    }

    private static Guid RandomId(Random random)
    {
        Span<byte> bytes = stackalloc byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private static byte[] Bytes(string body) => Encoding.UTF8.GetBytes(body.Replace('\'', '"'));
}
