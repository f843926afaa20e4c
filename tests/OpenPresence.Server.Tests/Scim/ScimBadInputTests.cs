namespace OpenPresence.Server.Tests.Scim;

/// <summary>Whatever is wrong is said, in SCIM's words, and nothing has changed.</summary>
public sealed class ScimBadInputTests(SharedScim shared) : IClassFixture<SharedScim>
{
    private const string U = ScimUnderTest.User;
    private const string Put = "PUT";
    private const string Patch = "PATCH";
    private const string Post = "POST";

    private static readonly string Deep = new string('[', 40) + new string(']', 40);

    private static string User(string more) => ScimUnderTest.NewUser("ada@contoso.example", more);

    private static string Op(string operation) => ScimUnderTest.Patch(operation);

    // csharpier-ignore-start
    /// <summary>Each: method, body, status, scimType, words of the detail.</summary>
    public static TheoryData<string, string, int, string?, string> Bodies =>
        new()
        {
            { Post, "", 400, "invalidSyntax", "JSON" },
            { Post, "[]", 400, "invalidSyntax", "object" },
            { Post, "{", 400, "invalidSyntax", "JSON" },
            {
                Post,
                $$"""{"schemas":["{{U}}"],"userName":"a@contoso.example","userName":"b@contoso.example"}""",
                400,
                "invalidSyntax",
                "twice"
            },
            {
                Post,
                $$"""{"schemas":["{{U}}"],"userName":"a@contoso.example","USERNAME":"b@contoso.example"}""",
                400,
                "invalidSyntax",
                "twice"
            },
            { Post, """{"userName":"a@contoso.example"}""", 400, "invalidSyntax", "schemas" },
            {
                Post,
                """{"schemas":["urn:x"],"userName":"a@contoso.example"}""",
                400,
                "invalidSyntax",
                "schemas"
            },
            { Post, $$"""{"schemas":["{{U}}"]}""", 400, "invalidValue", "userName is required" },
            { Post, ScimUnderTest.NewUser("no sign"), 400, "invalidValue", "name@domain" },
            {
                Post,
                ScimUnderTest.NewUser("ada@fabrikam.example"),
                400,
                "invalidValue",
                "contoso.example"
            },
            {
                Post,
                ScimUnderTest.NewUser(new string('a', 300) + "@contoso.example"),
                400,
                "invalidValue",
                "256"
            },
            { Put, User(",\"userNme\":\"x\""), 400, "invalidSyntax", "'userNme' is no attribute" },
            { Put, User(",\"urn:x:User\":{\"a\":1}"), 400, "invalidSyntax", "'urn:x:User'" },
            { Put, User(",\"title\":7"), 400, "invalidValue", "title must be a string" },
            { Put, User(",\"title\":\"\\u0000\""), 400, "invalidValue", "control" },
            { Put, User(",\"title\":\"\\ud800\""), 400, "invalidValue", "title must be a string" },
            { Put, User(",\"active\":\"maybe\""), 400, "invalidValue", "true or false" },
            {
                Put,
                User(",\"active\":1,\"title\":[],\"name\":\"Ada\""),
                400,
                "invalidValue",
                "active must be true or false. title must be a string. name must be an object."
            },
            {
                Put,
                User(",\"emails\":\"a@x.example\""),
                400,
                "invalidValue",
                "emails must be an array"
            },
            {
                Put,
                User(",\"emails\":[\"a@x.example\"]"),
                400,
                "invalidValue",
                "emails must be an object"
            },
            {
                Put,
                User(
                    ",\"emails\":[{\"value\":\"a\",\"primary\":true},{\"value\":\"b\",\"primary\":true}]"
                ),
                400,
                "invalidValue",
                "primary"
            },
            {
                Put,
                User($",\"emails\":[{string.Join(',', Enumerable.Repeat("{}", 51))}]"),
                400,
                "invalidValue",
                "50"
            },
            {
                Put,
                User(
                    $",\"phoneNumbers\":[{string.Join(',', Enumerable.Repeat("{\"value\":\"1\"}", 21))}]"
                ),
                400,
                "invalidValue",
                "20"
            },
            { Put, User(",\"timezone\":\"Mars/Olympus\""), 400, "invalidValue", "Europe/Berlin" },
            {
                Put,
                User(",\"id\":\"00000000-0000-0000-0000-000000000001\""),
                400,
                "mutability",
                "id is not that of the path"
            },
            { Put, User($",\"nickName\":{Deep}"), 400, "invalidSyntax", "levels" },
            {
                Put,
                User($",\"nickName\":\"{new string('x', 1024 * 1024)}\""),
                413,
                null,
                "1048576"
            },
            { Put, User(",\"\\ud800\":1"), 400, "invalidSyntax", "JSON" },
            { Put, User(",\"name\":{\"\\ud800\":\"x\"}"), 400, "invalidSyntax", "JSON" },
            { Put, User($",\"{new string('x', 59)}😀y\":1"), 400, "invalidSyntax", "is no attribute" },
            {
                Patch,
                """{"Operations":[{"op":"remove","path":"title"}]}""",
                400,
                "invalidSyntax",
                "PatchOp"
            },
            { Patch, Op(""), 400, "invalidSyntax", "1 to 100" },
            {
                Patch,
                Op(string.Join(',', Enumerable.Repeat("{}", 101))),
                400,
                "invalidSyntax",
                "1 to 100"
            },
            { Patch, Op("7"), 400, "invalidSyntax", "op" },
            {
                Patch,
                Op("""{"op":"move","path":"title"}"""),
                400,
                "invalidSyntax",
                "add, replace or remove"
            },
            { Patch, Op("""{"op":"add","path":"title"}"""), 400, "invalidValue", "needs a value" },
            { Patch, Op("""{"op":"add","path":7,"value":"x"}"""), 400, "invalidPath", "string" },
            {
                Patch,
                Op("""{"op":"add","path":"tytle","value":"x"}"""),
                400,
                "invalidPath",
                "'tytle'"
            },
            {
                Patch,
                Op("""{"op":"add","path":"name.nick","value":"x"}"""),
                400,
                "invalidPath",
                "no part"
            },
            {
                Patch,
                Op("""{"op":"add","path":"name[type eq \"x\"]","value":"x"}"""),
                400,
                "invalidPath",
                "choose"
            },
            {
                Patch,
                Op("""{"op":"add","path":"emails[type eq \"work\"","value":"x"}"""),
                400,
                "invalidPath",
                "choose"
            },
            {
                Patch,
                Op("""{"op":"add","path":"emails.value","value":"x"}"""),
                400,
                "invalidPath",
                "which of several"
            },
            {
                Patch,
                Op("""{"op":"add","path":"emails[type co \"w\"].value","value":"x"}"""),
                400,
                "invalidFilter",
                "'co'"
            },
            {
                Patch,
                Op("""{"op":"add","path":"emails[kind eq \"w\"].value","value":"x"}"""),
                400,
                "invalidPath",
                "compares"
            },
            {
                Patch,
                Op(
                    """{"op":"replace","path":"phoneNumbers[type eq \"work\"].value","value":"1"}"""
                ),
                400,
                "noTarget",
                "nothing to replace"
            },
            { Patch, Op("""{"op":"remove"}"""), 400, "noTarget", "path" },
            {
                Patch,
                Op(
                    """{"op":"replace","path":"id","value":"00000000-0000-0000-0000-000000000001"}"""
                ),
                400,
                "mutability",
                "id"
            },
            { Patch, Op("""{"op":"replace","value":{"id":"x"}}"""), 400, "mutability", "id" },
            {
                Patch,
                Op("""{"op":"replace","path":"meta.created","value":"x"}"""),
                400,
                "mutability",
                "meta"
            },
            { Patch, Op("""{"op":"remove","path":"userName"}"""), 400, "mutability", "userName" },
            {
                Patch,
                Op("""{"op":"replace","path":"userName","value":""}"""),
                400,
                "mutability",
                "userName"
            },
            { Patch, Op("""{"op":"remove","path":"active"}"""), 400, "mutability", "active" },
            { Patch, Op("""{"op":"replace","value":"x"}"""), 400, "invalidValue", "object" },
            {
                Patch,
                Op("""{"op":"replace","path":"userName","value":"ada@elsewhere.example"}"""),
                400,
                "invalidValue",
                "domain"
            },
            {
                Patch,
                Op($$"""{"op":"add","path":"{{new string('x', 600)}}","value":"x"}"""),
                400,
                "invalidPath",
                "512"
            },
        };
    // csharpier-ignore-end

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task A_bad_body_is_refused_and_changes_nothing(
        string method,
        string body,
        int expected,
        string? word,
        string words
    )
    {
        var scim = shared.Scim;
        var id = await scim.CreateAsync($"ada-{Guid.NewGuid():N}@contoso.example", ",\"title\":\"Analyst\"");
        var before = (await scim.GetAsync(id)).ToJsonString();
        var position = scim.Server.Node.State.Position;

        var (status, fault) = await scim.SendAsync(method, method == Post ? "/Users" : "/Users/" + id, body);

        Assert.True(status == expected, $"{status} {fault}");
        Assert.Equal("urn:ietf:params:scim:api:messages:2.0:Error", (string)fault["schemas"]![0]!);
        Assert.Equal($"{expected}", (string)fault["status"]!);
        Assert.Equal(word, (string?)fault["scimType"]);
        Assert.Contains(words, (string)fault["detail"]!, StringComparison.Ordinal);
        Assert.Equal(position, scim.Server.Node.State.Position);
        Assert.Equal(before, (await scim.GetAsync(id)).ToJsonString());
    }

    [Theory]
    [InlineData("filter=", "invalidFilter")]
    [InlineData("filter=userName", "invalidFilter")]
    [InlineData("filter=userName eq ada", "invalidFilter")]
    [InlineData("filter=userName eq \"ada", "invalidFilter")]
    [InlineData("filter=userName eq \"ada\"x", "invalidFilter")]
    [InlineData("filter=userName eq \"\\ud800\"", "invalidFilter")]
    [InlineData("filter=userName sw \"ada\"", "invalidFilter")]
    [InlineData("filter=userName eq \"a\" or userName eq \"b\"", "invalidFilter")]
    [InlineData("filter=not (userName eq \"a\")", "invalidFilter")]
    [InlineData("filter=userName eq \"a\" and", "invalidFilter")]
    [InlineData("filter=displayName eq \"Ada\"", "invalidFilter")]
    [InlineData("filter=emails.value eq \"a@contoso.example\"", "invalidFilter")]
    [InlineData("filter=password eq \"a\" and userName eq \"a\"", "invalidFilter")]
    [InlineData("filter=tytle eq \"a\"", "invalidFilter")]
    [InlineData("startIndex=one", "invalidValue")]
    [InlineData("count=1e3", "invalidValue")]
    [InlineData("count=99999999999", "invalidValue")]
    [InlineData("attributes=title&excludedAttributes=id", "invalidValue")]
    public async Task A_query_that_cannot_be_answered_is_refused(string query, string word)
    {
        var scim = shared.Scim;
        var (status, fault) = await scim.SendAsync("GET", "/Users?" + query);
        Assert.Equal((400, word), (status, (string?)fault["scimType"]));
    }

    [Fact]
    public async Task A_filter_of_any_length_is_answered_at_once()
    {
        var scim = shared.Scim;
        string[] filters =
        [
            new('(', 10_000),
            string.Join(" and ", Enumerable.Repeat("id eq \"1\"", 9)),
            "userName eq \"" + new string('\\', 2_000),
        ];
        foreach (var filter in filters)
        {
            var (status, fault) = await scim.SendAsync("GET", "/Users?filter=" + Uri.EscapeDataString(filter));
            Assert.Equal((400, "invalidFilter"), (status, (string?)fault["scimType"]));
        }
    }

    [Theory]
    [InlineData("GET", "/Groups", 404)]
    [InlineData("GET", "/users/a/b", 404)]
    [InlineData("GET", "", 404)]
    [InlineData("GET", "/Schemas/urn:x", 404)]
    [InlineData("GET", "/ResourceTypes/Group", 404)]
    [InlineData("GET", "/users/no-guid", 404)]
    [InlineData("DELETE", "/Users", 405)]
    [InlineData("POST", "/Schemas", 405)]
    [InlineData("GET", "/Me", 501)]
    [InlineData("POST", "/Bulk", 501)]
    [InlineData("POST", "/users/.search", 501)]
    [InlineData("GET", "/Schemas?filter=x", 403)]
    public async Task What_is_not_offered_says_so(string method, string path, int expected)
    {
        var scim = shared.Scim;
        using var answer = await scim.SendRawAsync(method, path, null, ScimUnderTest.Token);
        Assert.Equal(expected, (int)answer.StatusCode);
        Assert.Equal("application/scim+json", $"{answer.Content.Headers.ContentType}");
        if (expected == 405)
        {
            var allow = path == "/Users" ? "GET, POST" : "GET";
            Assert.Equal(allow, string.Join(", ", answer.Content.Headers.Allow));
        }
    }

    [Fact]
    public async Task A_body_of_another_kind_is_refused()
    {
        var scim = shared.Scim;
        using var form = new FormUrlEncodedContent([new("userName", "ada@contoso.example")]);
        using var answer = await scim.Server.SendAsync(HttpMethod.Post, "/scim/v2/Users", ScimUnderTest.Token, form);
        Assert.Equal(415, (int)answer.StatusCode);
    }
}
