using OpenPresence.Server.Graph.OData;

namespace OpenPresence.Server.Tests.Graph.OData;

public sealed class SearchReaderTests
{
    private static readonly HashSet<string> ByWords = ["name"];

    private static readonly Row Someone = new("Ada de Lovelace-King", "ada k", null, true);

    [Theory]
    [InlineData("\"name:ada\"", true)]
    [InlineData("\"name:love\"", true)]
    [InlineData("\"name:king ADA\"", true)]
    [InlineData("\"name:velace\"", false)]
    [InlineData("\"name:ada bob\"", false)]
    [InlineData("\"nick:ada k\"", true)]
    [InlineData("\"nick:k\"", false)]
    [InlineData("\"name:bob\" OR \"nick:ada\"", true)]
    [InlineData("\"name:bob\" AND \"nick:ada\"", false)]
    [InlineData("\"name:bob\" AND \"name:bob\" OR \"nick:ada\"", true)]
    [InlineData("\"name:bob\" AND (\"name:bob\" OR \"nick:ada\")", false)]
    [InlineData("\"nick:ada \\\"k\"", false)]
    [InlineData(" \"NAME: ada\" ", true)]
    public void A_search_asks_what_it_says(string search, bool isMet)
    {
        Assert.Null(SearchReader.Read(search, Row.Schema, ByWords, out var read));
        Assert.Equal(isMet, read.Matches(Someone));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ada")]
    [InlineData("name:ada")]
    [InlineData("\"ada\"")]
    [InlineData("\"name:\"")]
    [InlineData("\"mood:good\"")]
    [InlineData("\"active:true\"")]
    [InlineData("\"name:ada")]
    [InlineData("\"name:ada\\")]
    [InlineData("\"name:ada\" \"nick:ada\"")]
    [InlineData("\"name:ada\" or \"nick:ada\"")]
    [InlineData("\"name:ada\" AND")]
    [InlineData("(\"name:ada\"")]
    [InlineData("\"name:ada\")")]
    public void What_is_not_understood_is_refused(string search)
    {
        var refusal = SearchReader.Read(search, Row.Schema, ByWords, out _);
        Assert.Equal("$search", refusal?.Target);
    }

    [Fact]
    public void A_search_of_any_length_and_depth_is_refused()
    {
        var deep = new string('(', 30_000);
        var @long = string.Join(" OR ", Enumerable.Repeat("\"name:a\"", 3_000));
        Assert.NotNull(SearchReader.Read(deep, Row.Schema, ByWords, out _));
        Assert.NotNull(SearchReader.Read(@long, Row.Schema, ByWords, out _));
    }
}
