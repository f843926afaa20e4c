using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Graph.Routing;

namespace OpenPresence.Server.Tests.Graph;

/// <summary>
/// Every bad body at every route that takes one: the right 4xx in the envelope, never a 500, and nothing
/// changed. The table is routes × bodies, so a new route is covered by being in the route table.
/// </summary>
public sealed class BadInputTests(BadInputTests.OneServer shared) : IClassFixture<BadInputTests.OneServer>
{
    /// <summary>One server for the whole table: that it still answers after all of it is the point.</summary>
    public sealed class OneServer : IAsyncLifetime
    {
        public RunningServer Server { get; private set; } = null!;

        public string Person { get; private set; } = null!;

        public async ValueTask InitializeAsync()
        {
            Server = await RunningServer.StartAsync(options =>
                options with
                {
                    ThrottleRequestsPer30Seconds = 1_000_000,
                }
            );
            Person = await Server.PersonTokenAsync(
                RunningServer.Someone,
                "Presence.ReadWrite",
                "Presence.Read.All",
                "MailboxSettings.ReadWrite",
                "User.ReadWrite"
            );
        }

        public async ValueTask DisposeAsync()
        {
            Assert.DoesNotContain(Server.Log.All, line => line.Contains("met a bug"));
            Assert.DoesNotContain(Server.Log.All, line => line.Contains(Person[^40..]));
            await Server.DisposeAsync();
        }
    }

    private static readonly (string Name, byte[] Body, int[] Statuses)[] Bodies =
    [
        ("broken JSON", "{"u8.ToArray(), [400]),
        ("no JSON", "availability=Busy"u8.ToArray(), [400]),
        ("an array", "[]"u8.ToArray(), [400]),
        ("a number", "1e999"u8.ToArray(), [400]),
        ("null", "null"u8.ToArray(), [400]),
        ("something after the object", "{} {}"u8.ToArray(), [400]),
        ("a comment", "{/* */}"u8.ToArray(), [400]),
        ("NUL", "{\"ids\":\"\0\"}"u8.ToArray(), [400]),
        ("invalid UTF-8", [.. "{\"ids\":[\""u8, 0xC3, 0x28, .. "\"]}"u8], [400]),
        ("a byte order mark", [0xEF, 0xBB, 0xBF, .. "{\"x\":1}"u8], [400]),
        ("a lone surrogate", "{\"\\ud800\":1}"u8.ToArray(), [400]),
        ("duplicate members", "{\"ids\":[],\"ids\":[]}"u8.ToArray(), [400]),
        ("duplicates but for case", "{\"sessionId\":\"x\",\"SESSIONID\":\"x\"}"u8.ToArray(), [400]),
        ("an unknown member", "{\"mood\":1}"u8.ToArray(), [400]),
        ("deep nesting", Encoding.UTF8.GetBytes(new string('[', 5000)), [400]),
        ("deep nesting in a member", Nested(), [400]),
        ("numbers for strings", WrongTypes("7"), [400]),
        ("huge numbers for strings", WrongTypes(new string('9', 400)), [400]),
        ("objects for strings", WrongTypes("{\"a\":{}}"), [400]),
        ("arrays for strings", WrongTypes("[[]]"), [400]),
        ("true for everything", WrongTypes("true"), [400]),
        ("huge strings", WrongTypes('"' + new string('x', 50_000) + '"'), [400]),
        ("ten megabytes", new byte[10_000_000], [413]),
    ];

    public static TheoryData<string, string> Table =>
        [
            .. from route in GraphRoutes.Table
            where route.Method is "POST" or "PUT" or "PATCH"
            from body in Bodies
            where body.Name != "null" || !MayBeEmpty(route)
            where !IsParameterless(route) || !OfParameters.Contains(body.Name)
            where route.Operation != Operation.SetStatusMessage || body.Name != ClearsMessage
            select new TheoryDataRow<string, string>($"{route.Method} {route.Template}", body.Name),
        ];

    /// <summary>Wrong in their members, which an action of presence passes over unless it has them.</summary>
    private static readonly string[] OfParameters =
    [
        "a byte order mark",
        "an unknown member",
        "duplicates but for case",
        "numbers for strings",
        "huge numbers for strings",
        "objects for strings",
        "arrays for strings",
        "true for everything",
        "huge strings",
    ];

    /// <summary>A status message without anything that it could have is one without a message.</summary>
    private const string ClearsMessage = "objects for strings";

    /// <summary>Where null is what some clients send for nothing.</summary>
    private static bool MayBeEmpty(GraphRoute route) =>
        IsParameterless(route) || route.Template.EndsWith("/reauthorize", StringComparison.Ordinal);

    private static bool IsParameterless(GraphRoute route) =>
        route.Operation
            is Operation.ClearUserPreferredPresence
                or Operation.ClearAutomaticLocation
                or Operation.ClearLocation;

    public static TheoryData<string> Routes =>
        [
            .. GraphRoutes
                .Table.Where(route => route.Method is "POST" or "PUT" or "PATCH")
                .Select(route => $"{route.Method} {route.Template}"),
        ];

    [Theory]
    [MemberData(nameof(Table))]
    public async Task A_bad_body_is_refused_and_changes_nothing(string route, string body)
    {
        var (_, bytes, statuses) = Bodies.Single(row => row.Name == body);
        await RefusedAsync(route, Json(bytes), statuses);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_body_of_another_type_is_refused(string route)
    {
        var content = new StringContent("<presence/>", Encoding.UTF8, "application/xml");
        var isJson = IsOfJson(route);
        var message = await RefusedAsync(route, content, [isJson ? 400 : 415]);
        Assert.Equal(isJson, message.StartsWith("Unable to read JSON request payload.", StringComparison.Ordinal));
    }

    private static bool IsOfJson(string route) =>
        !route.EndsWith("/calendar", StringComparison.Ordinal) && !route.EndsWith("/$value", StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_body_without_a_type_is_refused(string route)
    {
        if (IsOfJson(route))
        {
            var content = new ByteArrayContent("{\"x\":1}"u8.ToArray());
            Assert.Contains("Content-Type", await RefusedAsync(route, content, [400]));
        }
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_body_of_another_encoding_is_refused(string route)
    {
        var content = Json("{}"u8.ToArray());
        content.Headers.ContentEncoding.Add("br");
        await RefusedAsync(route, content, [415]);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_body_that_only_claims_to_be_packed_is_refused(string route)
    {
        var message = await RefusedAsync(route, Packed("{\"x\":1}"u8.ToArray()), [400]);
        Assert.Contains("Content-Encoding", message);
        Assert.Contains("kiota-http-go", message);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_truncated_packed_body_is_refused(string route)
    {
        var whole = Pack(Encoding.UTF8.GetBytes($"{{\"x\":\"{Guid.NewGuid()}{Guid.NewGuid()}\"}}"));
        await RefusedAsync(route, Packed(whole[..(whole.Length / 2)]), [400]);
    }

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task A_packed_bomb_is_refused(string route)
    {
        await RefusedAsync(route, Packed(Pack(new byte[64 * 1024 * 1024])), [413]);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_told_the_limit()
    {
        var error = await Refused.WithAsync(
            RefusalKind.BodyTooLarge,
            shared.Server.SendAsync(
                HttpMethod.Post,
                "/v1.0/communications/getPresencesByUserId",
                shared.Person,
                Json(new byte[BodyReader.BodyBytesMax + 1])
            )
        );
        Assert.Equal("The body is larger than 1048576 bytes.", (string?)error["message"]);
    }

    [Fact]
    public async Task A_packed_body_is_read()
    {
        var body = Packed(Pack(Encoding.UTF8.GetBytes($"{{\"ids\":[\"{RunningServer.Someone}\"]}}")));
        var answer = await shared.Server.SendAsync(
            HttpMethod.Post,
            "/v1.0/communications/getPresencesByUserId",
            shared.Person,
            body
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(650, 200)]
    [InlineData(651, 400)]
    public async Task A_bulk_read_takes_650_distinct_ids(int count, int status)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid());
        var answer = await shared.Server.SendAsync(
            HttpMethod.Post,
            "/v1.0/communications/getPresencesByUserId",
            shared.Person,
            Json(JsonSerializer.SerializeToUtf8Bytes(new { ids }))
        );
        Assert.Equal(status, (int)answer.StatusCode);
    }

    [Theory]
    [InlineData("/v1.0/users//presence", 400)]
    [InlineData("/v1.0/users/'/presence", 400)]
    [InlineData("/v1.0/users('x')/presence", 400)]
    [InlineData("/v1.0/users(')/presence", 400)]
    [InlineData("/v1.0", 400)]
    [InlineData("/v1.0/", 400)]
    [InlineData("/v2.0/me/presence", 400)]
    [InlineData("/me/presence", 400)]
    [InlineData("/v1.0/me/presence?$select=id&$select=id", 400)]
    [InlineData("/v1.0/me/presence?$select=,", 400)]
    [InlineData("/v1.0/me/presence?$expand=x", 400)]
    [InlineData("/v1.0/communications/presences?$top=0", 400)]
    [InlineData("/v1.0/communications/presences?$top=99999999999", 400)]
    [InlineData("/v1.0/communications/presences?$filter=id in (", 400)]
    [InlineData("/v1.0/communications/presences?$filter=id in ()", 400)]
    [InlineData("/v1.0/communications/presences?$filter=id in ('')", 400)]
    [InlineData("/v1.0/communications/presences?$filter=availability eq 'Busy'", 400)]
    public async Task A_bad_path_or_query_is_refused(string path, int status)
    {
        var answer = await shared.Server.SendAsync(HttpMethod.Get, path, shared.Person);
        await IsEnvelopeAsync(answer, [status]);
    }

    /// <summary>What the refusal says.</summary>
    private async Task<string> RefusedAsync(string route, HttpContent content, int[] statuses)
    {
        var parts = route.Split(' ');
        var isJson = content.Headers.ContentType?.MediaType == "application/json";
        if (isJson && parts[1].EndsWith("/calendar", StringComparison.Ordinal))
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("text/calendar");
        }
        if (isJson && parts[1].EndsWith("/photo/$value", StringComparison.Ordinal))
        {
            content.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        }
        var before = Snapshot();
        var answer = await shared.Server.SendAsync(
            new HttpMethod(parts[0]),
            "/v1.0"
                + parts[1]
                    .Replace("{id}", RunningServer.Someone, StringComparison.Ordinal)
                    .Replace("{deviceId}", RunningServer.Someone, StringComparison.Ordinal),
            shared.Person,
            content
        );
        var message = await IsEnvelopeAsync(answer, statuses);
        Assert.Equal(before, Snapshot());
        return message;
    }

    private long Snapshot() => shared.Server.Node.State.Position;

    private static async Task<string> IsEnvelopeAsync(HttpResponseMessage answer, int[] statuses)
    {
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(statuses.Contains((int)answer.StatusCode), $"{(int)answer.StatusCode} {body}");
        using var json = JsonDocument.Parse(body);
        var error = json.RootElement.GetProperty("error");
        Assert.NotEmpty(error.GetProperty("code").GetString()!);
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal(
            answer.Headers.GetValues("request-id").Single(),
            error.GetProperty("innerError").GetProperty("request-id").GetString()
        );
        return error.GetProperty("message").GetString()!;
    }

    private static ByteArrayContent Json(byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return content;
    }

    private static ByteArrayContent Packed(byte[] body)
    {
        var content = Json(body);
        content.Headers.ContentEncoding.Add("gzip");
        return content;
    }

    private static byte[] Pack(byte[] body)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
        {
            gzip.Write(body);
        }
        return packed.ToArray();
    }

    private static byte[] Nested() =>
        Encoding.UTF8.GetBytes(
            string.Concat(Enumerable.Repeat("{\"statusMessage\":", 200)) + "1" + new string('}', 200)
        );

    /// <summary>Every member that any body knows, with a value of the wrong type.</summary>
    private static byte[] WrongTypes(string value)
    {
        string[] members =
        [
            "ids",
            "sessionId",
            "availability",
            "activity",
            "expirationDuration",
            "statusMessage",
            "workLocationType",
            "placeId",
            "automaticRepliesSetting",
        ];
        return Encoding.UTF8.GetBytes("{" + string.Join(',', members.Select(member => $"\"{member}\":{value}")) + "}");
    }
}
