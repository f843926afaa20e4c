using System.Text;

namespace OpenPresence.Server.Tests.Scim;

/// <summary>Requests at random, half right: whatever is sent, the answer is never a bug.</summary>
public sealed class ScimFuzzTests
{
    private const int Requests = 600;

    // csharpier-ignore-start
    private static readonly string[] Names =
    [
        "userName", "externalId", "name", "name.givenName", "title", "active", "emails", "id", "meta",
        "emails[type eq \\\"work\\\"].value", "emails[primary eq true]", "emails.value", "roles", "schemas",
        "phoneNumbers[type eq \\\"mobile\\\"].value", "addresses[type eq \\\"work\\\"].formatted", "timezone",
        ScimUnderTest.Enterprise, ScimUnderTest.Enterprise + ":department", ScimUnderTest.User, "nickName",
        "value", "type", "primary", "\\ud800", "", "emails[", "emails[]", "emails[type eq \\\"\\\\ud800\\\"]", "x",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "\"False\"", "7", "1e400", "\"\"", "\"\\ud800\"", "\"\\u0000\"", "\"ada@contoso.example\"",
        "\"mara.lindqvist@contoso.example\"", "\"work\"", "\"Europe/Berlin\"", "[]", "{}", "[[]]", "[null]", "\"x\"",
    ];
    // csharpier-ignore-end

    [Theory]
    [InlineData(1)]
    [InlineData(20261121)]
    public async Task No_request_meets_a_bug(int seed)
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var random = new Random(seed);
        var id = await scim.CreateAsync("ada@contoso.example");
        var answered = new int[600];
        for (var number = 0; number < Requests; number++)
        {
            var (method, body) = random.Next(4) switch
            {
                0 => ("PUT", ScimUnderTest.NewUser("ada@contoso.example", "," + Members(random, 0))),
                1 => ("PUT", Value(random, 0)),
                _ => ("PATCH", ScimUnderTest.Patch(Operations(random))),
            };
            var (status, answer) = await scim.SendAsync(method, "/Users/" + id, body);
            Assert.True(status is 200 or 400 or 409, $"seed {seed}: {body}\n{status} {answer}");
            answered[status]++;
        }
        // It can fail only if both happen.
        Assert.NotEqual(0, answered[200]);
        Assert.NotEqual(0, answered[400]);
        Assert.DoesNotContain(scim.Server.Log.All, line => line.Contains("met a bug"));
    }

    private static string Operations(Random random)
    {
        var text = new StringBuilder();
        for (var left = random.Next(1, 4); left > 0; left--)
        {
            var op = new[] { "add", "Replace", "remove", "replace", "move" }[random.Next(5)];
            text.Append($$"""{"op":"{{op}}" """);
            text.Append(random.Next(4) == 0 ? "" : $",\"path\":\"{Pick(random, Names)}\"");
            text.Append(random.Next(6) == 0 ? "" : $",\"value\":{Value(random, 0)}");
            text.Append(left == 1 ? "}" : "},");
        }
        return text.ToString();
    }

    private static string Value(Random random, int depth) =>
        random.Next(depth > 4 ? 1 : 3) switch
        {
            1 => $"{{{Members(random, depth + 1)}}}",
            2 => $"[{Value(random, depth + 1)},{Value(random, depth + 1)}]",
            _ => Pick(random, Values),
        };

    private static string Members(Random random, int depth) =>
        $"\"{Pick(random, Names)}\":{Value(random, depth)}"
        + (random.Next(2) == 0 ? "" : $",\"{Pick(random, Names)}\":{Value(random, depth)}");

    private static string Pick(Random random, string[] from) => from[random.Next(from.Length)];
}
