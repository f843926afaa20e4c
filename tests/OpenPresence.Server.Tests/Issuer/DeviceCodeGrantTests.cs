using System.Net;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class DeviceCodeGrantTests : IAsyncLifetime
{
    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IssuerHost.StartAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task The_answer_tells_the_person_where_to_type_what()
    {
        var answer = await DeviceAsync();
        Assert.Matches("^[A-HJ-NP-Z2-9]{9}$", answer.String("user_code"));
        Assert.Equal($"{_host.BaseUrl}/devicelogin", answer.String("verification_uri"));
        Assert.Equal(900, answer.GetProperty("expires_in").GetInt32());
        Assert.Equal(5, answer.GetProperty("interval").GetInt32());
        Assert.Contains(answer.String("user_code")!, answer.String("message"));
        Assert.Contains(answer.String("verification_uri")!, answer.String("message"));
    }

    [Theory]
    [InlineData("device_code")]
    [InlineData("urn:ietf:params:oauth:grant-type:device_code")]
    public async Task The_device_gets_tokens_once_the_person_has_signed_in(string grant)
    {
        var device = await DeviceAsync();
        await IssuerHost.RefusedAsync(PollAsync(device, grant), 400, "authorization_pending", 70016);
        await PageAsync(HttpStatusCode.OK, ("user_code", Code(device)), ("op_person", $"{AliceId}"));

        var answer = await IssuerHost.JsonAsync(PollAsync(device, grant));
        var claims = await TokenText.VerifiedAsync(_host, answer.String("access_token"));
        Assert.Equal(AliceId.ToString(), claims.String("oid"));
        Assert.NotNull(answer.String("refresh_token"));
        Assert.NotNull(answer.String("id_token"));

        await IssuerHost.RefusedAsync(PollAsync(device, grant), 400, "invalid_grant", 54005);
    }

    [Fact]
    public async Task The_code_may_be_typed_in_any_case_with_spaces_and_the_person_by_name()
    {
        var device = await DeviceAsync();
        var code = Code(device).ToLowerInvariant();
        await PageAsync(
            HttpStatusCode.OK,
            ("user_code", $" {code[..4]}-{code[4..]} "),
            ("op_name", Alice.ToUpperInvariant())
        );
        await IssuerHost.JsonAsync(PollAsync(device));
    }

    [Fact]
    public async Task A_person_can_say_no()
    {
        var device = await DeviceAsync();
        await PageAsync(HttpStatusCode.OK, ("user_code", Code(device)), ("op_cancel", "1"));
        await IssuerHost.RefusedAsync(PollAsync(device), 400, "authorization_declined", 70017);
    }

    [Fact]
    public async Task The_page_asks_for_the_code_then_for_the_person()
    {
        using var first = await _host.GetAsync("/devicelogin?user_code=ABC");
        Assert.Contains("value=\"ABC\"", await Text(first));

        var device = await DeviceAsync();
        var second = await PageAsync(HttpStatusCode.OK, ("user_code", Code(device)));
        Assert.Contains("Desk client", second);
        Assert.Contains(Alice, second);
        Assert.DoesNotContain(Stranger, second);
        Assert.DoesNotContain(Disabled, second);
        await IssuerHost.RefusedAsync(PollAsync(device), 400, "authorization_pending", 70016);
    }

    [Theory]
    [InlineData(Disabled)]
    [InlineData(Stranger)]
    [InlineData("nobody@contoso.example")]
    public async Task Only_people_of_the_tenant_who_may_sign_in_can_approve(string name)
    {
        var device = await DeviceAsync();
        var page = await PageAsync(HttpStatusCode.BadRequest, ("user_code", Code(device)), ("op_name", name));
        Assert.Contains("nobody of that name", page);
        await IssuerHost.RefusedAsync(PollAsync(device), 400, "authorization_pending", 70016);
    }

    [Fact]
    public async Task A_code_ends_after_a_quarter_of_an_hour()
    {
        var device = await DeviceAsync();
        _host.Clock.Advance(IssuerLimits.DeviceCodeLifetime);
        await PageAsync(HttpStatusCode.BadRequest, ("user_code", Code(device)));
        await IssuerHost.RefusedAsync(PollAsync(device), 400, "expired_token", 70020);
    }

    [Fact]
    public async Task A_device_polls_on_after_its_code_has_ended_and_is_told_so_for_a_while()
    {
        var device = await DeviceAsync();
        _host.Clock.Advance(2 * IssuerLimits.DeviceCodeLifetime - TimeSpan.FromTicks(1));
        await DeviceAsync();
        await IssuerHost.RefusedAsync(PollAsync(device), 400, "expired_token", 70020);
        _host.Clock.Advance(TimeSpan.FromTicks(1));
        await DeviceAsync();
        await IssuerHost.RefusedAsync(PollAsync(device), 400, "bad_verification_code", 7000014);
    }

    [Fact]
    public void When_too_many_wait_the_oldest_makes_way()
    {
        var devices = new PendingDevices();
        for (var i = 0; i <= IssuerLimits.DeviceCodesMax; i++)
        {
            devices.Add(new($"device {i}", $"{i}", Public, TenantId, "openid", Instant.Never), default);
        }

        Assert.False(devices.TryGet("device 0", out _));
        Assert.False(devices.TryGetUndecided("0", default, out _));
        Assert.True(devices.TryGet("device 1", out _));
    }

    [Fact]
    public void Of_many_who_decide_at_once_one_does_and_of_many_polls_one_collects()
    {
        var devices = new PendingDevices();
        devices.Add(new("device", "user", Public, TenantId, "openid", Instant.Never), default);
        Assert.Equal(1, Count(() => devices.TryDecide("user", AliceId, default)));
        Assert.Equal(1, Count(() => devices.TryRedeem("device")));

        static int Count(Func<bool> attempt) => ParallelEnumerable.Range(0, 16).Count(_ => attempt());
    }

    [Fact]
    public async Task Guessing_codes_is_stopped_for_a_while()
    {
        var device = await DeviceAsync();
        for (var i = 0; i < IssuerLimits.WrongUserCodesPerMinuteMax; i++)
        {
            await PageAsync(HttpStatusCode.BadRequest, ("user_code", $"GUESS{i}"));
        }

        await PageAsync(HttpStatusCode.TooManyRequests, ("user_code", Code(device)), ("op_name", Alice));
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        await PageAsync(HttpStatusCode.OK, ("user_code", Code(device)), ("op_name", Alice));
    }

    [Fact]
    public async Task A_web_page_elsewhere_cannot_approve_a_device()
    {
        var device = await DeviceAsync();
        foreach (var (header, value) in ForeignMarks)
        {
            using var answer = await _host.PostAsync(
                "/devicelogin",
                [("user_code", Code(device)), ("op_name", Alice)],
                headers => headers.Add(header, value)
            );
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        }

        await IssuerHost.RefusedAsync(PollAsync(device), 400, "authorization_pending", 70016);
    }

    private static readonly (string, string)[] ForeignMarks =
    [
        ("Origin", "https://evil.example"),
        ("Origin", "null"),
        ("Sec-Fetch-Site", "cross-site"),
        ("Sec-Fetch-Site", "same-site"),
    ];

    [Fact]
    public async Task Another_application_cannot_collect()
    {
        var device = await DeviceAsync();
        await PageAsync(HttpStatusCode.OK, ("user_code", Code(device)), ("op_name", Alice));
        await IssuerHost.RefusedAsync(
            _host.TokenAsync(
                ("grant_type", "device_code"),
                ("client_id", $"{Modest}"),
                ("device_code", device.String("device_code"))
            ),
            400,
            "invalid_grant",
            700009
        );
    }

    [Fact]
    public Task A_made_up_device_code_is_not_valid() =>
        IssuerHost.RefusedAsync(
            _host.TokenAsync(("grant_type", "device_code"), ("client_id", $"{Public}"), ("device_code", "made up")),
            400,
            "bad_verification_code",
            7000014
        );

    [Theory]
    [InlineData(null, "Presence.Read", 900144, "invalid_request")]
    [InlineData("x", "Presence.Read", 700038, "unauthorized_client")]
    [InlineData("11112222-bbbb-3333-cccc-4444dddd5555", null, 900144, "invalid_request")]
    [InlineData("11112222-bbbb-3333-cccc-4444dddd5555", "Presence.ReadWrite", 65001, "invalid_grant")]
    [InlineData("11112222-bbbb-3333-cccc-4444dddd5555", "Mail.Reed", 650053, "invalid_client")]
    [InlineData("44445555-eeee-6666-ffff-000011112222", "User.Read", 700016, "unauthorized_client")]
    public Task A_device_s_request_is_checked_before_a_code_is_made(
        string? clientId,
        string? scope,
        int number,
        string error
    ) =>
        IssuerHost.RefusedAsync(
            _host.PostAsync($"/{TenantId}/oauth2/v2.0/devicecode", [("client_id", clientId), ("scope", scope)]),
            400,
            error,
            number
        );

    private Task<JsonElement> DeviceAsync() =>
        IssuerHost.JsonAsync(
            _host.PostAsync(
                "/organizations/oauth2/v2.0/devicecode",
                [("client_id", $"{Public}"), ("scope", SignInFlow.Scope)]
            )
        );

    private Task<HttpResponseMessage> PollAsync(JsonElement device, string grant = "device_code") =>
        _host.PostAsync(
            "/organizations/oauth2/v2.0/token",
            [
                ("grant_type", grant),
                ("client_id", $"{Public}"),
                ("device_code", device.String("device_code")),
                ("client_info", "1"),
            ]
        );

    private async Task<string> PageAsync(HttpStatusCode status, params (string Name, string? Value)[] fields)
    {
        using var answer = await _host.PostAsync("/devicelogin", fields);
        Assert.Equal(status, answer.StatusCode);
        return await Text(answer);
    }

    private static Task<string> Text(HttpResponseMessage answer) =>
        answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    private static string Code(JsonElement device) => device.String("user_code")!;
}
