using System.Text;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Tests.Jsonc;

public class JsoncDocumentTests
{
    private readonly List<JsoncFault> _faults = [];

    [Fact]
    public void Comments_trailing_commas_and_a_byte_order_mark_are_welcome()
    {
        var value = Read("\uFEFF// head\n{ /* in */ \"a\": [1, true, null, \"x\",], }\n// tail");

        Assert.Empty(_faults);
        var a = Assert.Single(value!.Members);
        Assert.Equal("a", a.Name);
        Assert.Equal(
            [JsoncKind.Number, JsoncKind.Boolean, JsoncKind.Null, JsoncKind.Text],
            a.Value.Items.Select(i => i.Kind)
        );
        Assert.Equal(["1", "true", "", "x"], a.Value.Items.Select(i => i.Text));
    }

    [Fact]
    public void Every_value_knows_its_line_its_column_in_characters_and_its_path()
    {
        var value = Read("{\n  \"é𝄞\": {\"b c\": [10,\n 20]}\n}");

        var inner = value!.Members[0].Value.Members[0];
        Assert.Equal(new JsoncPosition(2, 10), inner.Position);
        Assert.Equal(new JsoncPosition(2, 18), inner.Value.Items[0].Position);
        Assert.Equal(new JsoncPosition(3, 2), inner.Value.Items[1].Position);
        Assert.Equal("$['é𝄞']['b c'][1]", inner.Value.Items[1].Path);
    }

    [Fact]
    public void A_member_that_stands_twice_is_a_fault_and_the_first_one_counts()
    {
        var value = Read("{\"a\": 1,\n \"a\": 2, \"b\": {\"c\": 1, \"c\": 1}}");

        Assert.Equal("1", value!.Members[0].Value.Text);
        Assert.Equal(
            ["(2,2): $.a: The member stands here twice.", "(2,24): $.b.c: The member stands here twice."],
            _faults.Select(f => f.ToString())
        );
    }

    [Theory]
    [InlineData("", 1, 1)]
    [InlineData("{", 1, 2)]
    [InlineData("{\n  \"a\" 1}", 2, 7)]
    [InlineData("{}\n{}", 2, 1)]
    [InlineData("{\n\"é\": nul}", 2, 9)]
    [InlineData("[1,\n /* no end", 2, 2)]
    public void What_is_no_JSON_is_named_with_its_place(string text, int line, int column)
    {
        Assert.Null(Read(text));

        var fault = Assert.Single(_faults);
        Assert.Equal(new JsoncPosition(line, column), fault.Position);
        Assert.StartsWith("This is no JSON: ", fault.Message);
        Assert.DoesNotContain("LineNumber", fault.Message);
    }

    [Fact]
    public void Text_that_is_no_Unicode_is_a_fault_and_no_crash()
    {
        Assert.Null(JsoncDocument.Read([(byte)'"', 0xFF, (byte)'"'], _faults));
        Assert.Null(Read("{\"a\": \"\\ud800\"}"));

        Assert.Equal(2, _faults.Count);
        Assert.All(_faults, f => Assert.Contains("Unicode", f.Message));
    }

    [Fact]
    public void Nesting_has_a_limit()
    {
        var deep = new string('[', JsoncDocument.DepthMax + 1);

        Assert.Null(Read(deep + new string(']', JsoncDocument.DepthMax + 1)));
        Assert.Single(_faults);
    }

    [Fact]
    public void Unknown_members_are_named_with_what_was_probably_meant()
    {
        var members = new JsoncMembers(Read("{\"displayname\": 1, \"zzz\": 2, \"$schema\": \"x\"}")!, _faults);
        members.Any("displayName");
        members.Done();

        Assert.Equal(
            ["(1,2): $.displayname: Unknown member. Did you mean 'displayName'?", "(1,20): $.zzz: Unknown member."],
            _faults.Select(f => f.ToString())
        );
    }

    [Fact]
    public void Asking_for_members_finds_every_fault()
    {
        var text =
            """{"t": 1, "long": "abcd", "c": "a\u0007", "id": "x", "zero": "00000000-0000-0000-0000-000000000000", "items": [1,2,3], "flag": "yes", "empty": ""}""";
        var members = new JsoncMembers(Read(text)!, _faults);

        Assert.Null(members.Text("t", 9));
        Assert.Null(members.Text("long", 3));
        Assert.Null(members.Text("c", 9));
        Assert.Null(members.Id("id"));
        Assert.Null(members.Id("zero"));
        Assert.Empty(members.Items("items", 2));
        Assert.True(members.Flag("flag", otherwise: true));
        Assert.Equal("", members.RequiredText("empty", 9));
        Assert.Equal(Guid.Empty, members.RequiredId("missing"));
        members.Done();

        Assert.Equal(
            ["$.t", "$.long", "$.c", "$.id", "$.zero", "$.items", "$.flag", "$.empty", "$"],
            _faults.Select(f => f.Path)
        );
    }

    [Fact]
    public void Another_kind_of_value_is_no_object()
    {
        var members = new JsoncMembers(Read("[]")!, _faults);
        members.Required("a");
        members.Done();

        Assert.Equal("$: Must be an object, not an array.", _faults.Single().ToString()[7..]);
    }

    private JsoncValue? Read(string text) => JsoncDocument.Read(Encoding.UTF8.GetBytes(text), _faults);
}
