using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Seed;

/// <summary><c>docs/seed.schema.json</c> is what editors and people go by: it must be what the reader takes.</summary>
public class SeedSchemaTests
{
    private static readonly JsonDocumentOptions Lenient = new()
    {
        AllowTrailingCommas = true,
        CommentHandling = JsonCommentHandling.Skip,
    };

    private readonly JsonSchemaCheck _schema = new(JsonNode.Parse(ProjectFiles.Read("docs/seed.schema.json"))!);

    [Fact]
    public void The_full_example_shows_every_property_of_the_schema_and_is_valid()
    {
        Assert.True(_schema.IsValid(Parse(SeedExamples.Full)));

        Assert.Equal(_schema.Properties().Order(StringComparer.Ordinal), _schema.Seen.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_demo_seed_is_valid()
    {
        var demo = ProjectFiles.Read("src/OpenPresence.Server/Seed/demo.seed.jsonc");

        Assert.True(_schema.IsValid(Parse(demo)));
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"tenants": [{"id": "x", "displayName": "A", "domains": ["a.test"]}]}""")]
    [InlineData("""{"tenants": [], "people": []}""")]
    public void What_the_reader_refuses_is_not_valid(string seed)
    {
        Assert.False(_schema.IsValid(Parse(seed)));
    }

    [Fact]
    public void Every_member_that_the_reader_asks_for_is_in_the_schema()
    {
        var inSchema = _schema.Properties().Select(p => p[(p.LastIndexOf('.') + 1)..]).ToHashSet();
        var asked =
            from path in ProjectFiles.Under("src/OpenPresence.Server/Seed", ".cs")
            from Match match in Regex.Matches(
                ProjectFiles.Read(path),
                """(?:members\.\w+\(|members,)\s*"(?<name>\w+)"""
            )
            select match.Groups["name"].Value;

        Assert.NotEmpty(asked);
        Assert.All(asked, name => Assert.Contains(name, inSchema));
    }

    private static JsonNode? Parse(string text) => JsonNode.Parse(text, null, Lenient);
}
