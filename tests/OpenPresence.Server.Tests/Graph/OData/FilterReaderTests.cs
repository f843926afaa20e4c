using OpenPresence.Server.Graph.OData;

namespace OpenPresence.Server.Tests.Graph.OData;

public sealed class FilterReaderTests
{
    [Theory]
    [InlineData("name eq 'Ada'", true)]
    [InlineData("NAME EQ 'ada'", true)]
    [InlineData("name eq 'Bob'", false)]
    [InlineData("name ne 'Bob'", true)]
    [InlineData("name in ('Bob','Ada')", true)]
    [InlineData("name in ('Bob', 'Eve')", false)]
    [InlineData("nick eq null", true)]
    [InlineData("nick ne null", false)]
    [InlineData("nick eq ''", false)]
    [InlineData("name eq null", false)]
    [InlineData("startswith(name,'A')", true)]
    [InlineData("startsWith( name , 'AD' )", true)]
    [InlineData("startswith(name,'d')", false)]
    [InlineData("startswith(name,'')", true)]
    [InlineData("startswith(nick,'')", false)]
    [InlineData("endswith(name,'DA')", true)]
    [InlineData("not endswith(name,'DA')", false)]
    [InlineData("active eq true", true)]
    [InlineData("active eq false", false)]
    [InlineData("active ne TRUE", false)]
    [InlineData("name eq 'Ada' and active eq true", true)]
    [InlineData("name eq 'Ada' and active eq false", false)]
    [InlineData("name eq 'Bob' or active eq true", true)]
    [InlineData("name eq 'Bob' and name eq 'Bob' or active eq true", true)]
    [InlineData("name eq 'Bob' and (name eq 'Bob' or active eq true)", false)]
    [InlineData("not (name eq 'Bob') and not(active eq false)", true)]
    [InlineData("not not name eq 'Ada'", true)]
    [InlineData("title eq 'o''brien''s'", true)]
    [InlineData("title eq 'o''brien''s' ", true)]
    [InlineData("id eq '0b6c1f5e-5a7d-4c38-9f0e-2d1c7a64b3e8'", true)]
    public void A_filter_asks_what_it_says(string filter, bool isMet)
    {
        Assert.Null(FilterReader.Read(filter, Row.Schema, out var read, out _));
        Assert.Equal(isMet, read.Matches(Row.Ada));
    }

    [Theory]
    [InlineData("name eq 'Ada'", null)]
    [InlineData("startswith(name,'A') and name in ('a')", null)]
    [InlineData("endswith(name,'a')", "endsWith")]
    [InlineData("name ne 'Ada'", "ne")]
    [InlineData("name eq 'b' or not startswith(name,'a')", "not")]
    public void What_needs_the_consistency_level_is_named(string filter, string? named)
    {
        Assert.Null(FilterReader.Read(filter, Row.Schema, out _, out var advanced));
        Assert.Equal(named, advanced);
    }

    [Theory]
    [InlineData("", "Syntax error at position 0")]
    [InlineData("   ", "Syntax error at position 3")]
    [InlineData("name", "Syntax error at position 4")]
    [InlineData("name eq", "Syntax error at position 7")]
    [InlineData("name eq Ada", "Syntax error at position 8")]
    [InlineData("name eq \"Ada\"", "Syntax error at position 8")]
    [InlineData("name eq 'Ada", "Syntax error at position 8")]
    [InlineData("name eq 'Ada''", "Syntax error at position 8")]
    [InlineData("name eq 'Ada' and", "Syntax error at position 17")]
    [InlineData("name eq 'Ada' name eq 'Ada'", "Syntax error at position 14")]
    [InlineData("(name eq 'Ada'", "Syntax error at position 14")]
    [InlineData("name eq 'Ada')", "Syntax error at position 13")]
    [InlineData("'Ada' eq name", "Syntax error at position 0")]
    [InlineData("name in 'Ada'", "Syntax error at position 8")]
    [InlineData("name in ()", "Syntax error at position 9")]
    [InlineData("name in ('Ada',)", "Syntax error at position 15")]
    [InlineData("active eq 'true'", "Syntax error at position 10")]
    [InlineData("name eq true", "Syntax error at position 8")]
    [InlineData("startswith('A',name)", "Syntax error at position 11")]
    [InlineData("startswith(name)", "Syntax error at position 15")]
    [InlineData("startswith(name,'A'", "Syntax error at position 19")]
    [InlineData("mood eq 'good'", "Could not find a property named 'mood' on type 'test.row'")]
    [InlineData("name gt 'A'", "Filter operator 'gt' is not supported.")]
    [InlineData("contains(name,'d')", "Filter function 'contains' is not supported.")]
    [InlineData("tags/any(t:t eq 'a')", "Filter function 'tags/any' is not supported.")]
    [InlineData("hidden eq 'a'", "specified for property 'hidden' of resource 'Row'.")]
    [InlineData("startswith(id,'0')", "specified for property 'id' of resource 'Row'.")]
    [InlineData("name eq 'a\0'", null)]
    [InlineData("name eq \0", "Syntax error at position 8")]
    public void What_is_not_understood_is_refused_and_says_where(string filter, string? why)
    {
        var refusal = FilterReader.Read(filter, Row.Schema, out _, out _);
        if (why is null)
        {
            Assert.Null(refusal);
            return;
        }
        Assert.NotNull(refusal);
        Assert.Equal("$filter", refusal.Target);
        Assert.Contains(why, refusal.Arguments[0], StringComparison.Ordinal);
    }

    public static TheoryData<string, string> Pathological =>
        new()
        {
            { "parentheses", new string('(', 30_000) },
            { "parentheses around", Around("(", "name eq 'a'", ")", 10_000) },
            { "not", string.Concat(Enumerable.Repeat("not ", 8_000)) + "name eq 'a'" },
            { "not in parentheses", Around("not(", "name eq 'a'", ")", 6_000) },
            { "a chain of or", string.Join(" or ", Enumerable.Repeat("name eq 'a'", 2_000)) },
            { "a chain of and", string.Join(" and ", Enumerable.Repeat("name eq 'a'", 2_000)) },
            { "values", $"name in ({string.Join(',', Enumerable.Repeat("'a'", 8_000))})" },
            { "one word", new string('x', 32_000) },
            { "quotes", new string('\'', 32_001) },
        };

    [Theory]
    [MemberData(nameof(Pathological))]
    public void A_filter_of_any_length_and_depth_is_refused_in_one_short_sentence(string name, string filter)
    {
        var refusal = FilterReader.Read(filter, Row.Schema, out _, out _);
        Assert.True(refusal is not null, name);
        Assert.InRange(refusal.Arguments[0].Length, 1, 300);
    }

    [Fact]
    public void As_deep_and_as_much_as_is_allowed_is_read()
    {
        var deep = Around("(", "name eq 'Ada'", ")", FilterReader.DepthMax);
        Assert.Null(FilterReader.Read(deep, Row.Schema, out var read, out _));
        Assert.True(read.Matches(Row.Ada));
        Assert.NotNull(FilterReader.Read($"({deep})", Row.Schema, out _, out _));

        var values = string.Join(',', Enumerable.Repeat("'Ada'", FilterReader.ValuesMax));
        Assert.Null(FilterReader.Read($"name in ({values})", Row.Schema, out _, out _));
        Assert.NotNull(FilterReader.Read($"name in ({values},'b')", Row.Schema, out _, out _));
    }

    private static string Around(string open, string inner, string close, int times) =>
        string.Concat(Enumerable.Repeat(open, times)) + inner + string.Concat(Enumerable.Repeat(close, times));
}
