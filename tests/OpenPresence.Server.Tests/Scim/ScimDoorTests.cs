using System.Net;
using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Scim;

public sealed class ScimDoorTests
{
    [Fact]
    public async Task Only_a_provisioning_token_opens_it_and_it_opens_nothing_else()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var graph = await scim.Server.ApplicationTokenAsync("Presence.ReadWrite.All");
        string?[] wrong = [null, "", "x", graph, ScimUnderTest.Token + "x", new('x', 20_000)];
        foreach (var token in wrong)
        {
            using var refused = await scim.SendRawAsync("GET", "/Users", null, token);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
            Assert.Equal("Bearer realm=\"provisioning\"", $"{refused.Headers.WwwAuthenticate}");
        }
        var path = $"/v1.0/users/{RunningServer.Someone}/presence";
        using var closed = await scim.Server.SendAsync(HttpMethod.Get, path, ScimUnderTest.Token);
        Assert.Equal(HttpStatusCode.Unauthorized, closed.StatusCode);
    }

    [Fact]
    public async Task Without_a_provider_there_is_no_such_surface()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.SendAsync(HttpMethod.Get, "/scim/v2/Users", "x");
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task How_to_sign_in_is_told_to_everybody_but_not_to_a_wrong_token()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        const string path = "/ServiceProviderConfig";
        Assert.Equal(200, (await scim.SendAsync("GET", path, token: null)).Status);
        Assert.Equal(200, (await scim.SendAsync("GET", path)).Status);
        Assert.Equal(401, (await scim.SendAsync("GET", path, token: "wrong")).Status);
        Assert.Equal(401, (await scim.SendAsync("GET", "/Schemas", token: null)).Status);
    }

    [Fact]
    public async Task Wrong_tokens_are_limited_and_never_lock_out_the_right_one()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        for (var attempt = 0; attempt < 20; attempt++)
        {
            Assert.Equal(401, (await scim.SendAsync("GET", "/Users", token: $"{attempt}")).Status);
        }
        using var limited = await scim.SendRawAsync("GET", "/Users", null, "one more");
        Assert.Equal(HttpStatusCode.TooManyRequests, limited.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(30), limited.Headers.RetryAfter?.Delta);
        Assert.Equal(200, (await scim.SendAsync("GET", "/Users")).Status);

        scim.Server.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(401, (await scim.SendAsync("GET", "/Users", token: "again")).Status);
    }

    [Fact]
    public async Task A_provider_that_asks_too_much_is_told_to_wait()
    {
        await using var scim = await ScimUnderTest.StartAsync(options =>
            options with
            {
                ThrottleRequestsPer30Seconds = 2,
            }
        );
        Assert.Equal(200, (await scim.SendAsync("GET", "/Users")).Status);
        Assert.Equal(200, (await scim.SendAsync("GET", "/Users")).Status);
        Assert.Equal(429, (await scim.SendAsync("GET", "/Users")).Status);
        var other = await scim.SendAsync("GET", "/Users", token: ScimUnderTest.OtherToken);
        Assert.Equal(200, other.Status);
    }

    [Fact]
    public async Task Of_another_tenant_a_provider_sees_and_changes_nothing()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var ada = await scim.CreateAsync("ada@contoso.example", ",\"externalId\":\"1\"");
        async Task<int> Ask(string method, string path, string? body = null) =>
            (await scim.SendAsync(method, path, body, ScimUnderTest.OtherToken)).Status;

        Assert.Equal(404, await Ask("GET", "/Users/" + ada));
        Assert.Equal(404, await Ask("DELETE", "/Users/" + ada));
        var patch = ScimUnderTest.Patch("""{"op":"replace","path":"title","value":"x"}""");
        Assert.Equal(404, await Ask("PATCH", "/Users/" + ada, patch));
        var put = ScimUnderTest.NewUser("ada@fabrikam.example");
        Assert.Equal(404, await Ask("PUT", "/Users/" + ada, put));
        string[] filters = ["userName eq \"ada@contoso.example\"", "externalId eq \"1\"", $"id eq \"{ada}\""];
        foreach (var filter in filters)
        {
            var (_, list) = await scim.SendAsync(
                "GET",
                "/Users?filter=" + Uri.EscapeDataString(filter),
                token: ScimUnderTest.OtherToken
            );
            Assert.Equal(0, (int)list["totalResults"]!);
        }
        // The same external id is another one there; a name in the other's domain cannot be had.
        var foreign = ScimUnderTest.NewUser("bob@contoso.example", $",\"externalId\":\"{Guid.NewGuid()}\"");
        Assert.Equal(400, await Ask("POST", "/Users", foreign));
    }

    [Fact]
    public async Task An_external_id_becomes_the_id_where_the_settings_say_so()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        const string id = "5d0c7f0e-8c3b-4f0e-9d43-6f1f6d7a9b10";
        async Task<(int Status, JsonNode Body)> Create(string name, string externalId) =>
            await scim.SendAsync(
                "POST",
                "/Users",
                ScimUnderTest.NewUser(name, $",\"externalId\":\"{externalId}\""),
                ScimUnderTest.OtherToken
            );

        var (status, user) = await Create("zoe@fabrikam.example", id);
        Assert.Equal((201, id), (status, (string)user["id"]!));
        Assert.Equal(409, (await Create("max@fabrikam.example", id.ToUpperInvariant())).Status);
        // Somebody's of another tenant, of whom nothing more is told.
        Assert.Equal(409, (await Create("max@fabrikam.example", RunningServer.Someone)).Status);
        Assert.Equal(400, (await Create("max@fabrikam.example", "00u1")).Status);
        Assert.Equal(400, (await Create("max@fabrikam.example", $"{Guid.Empty}")).Status);
    }

    [Fact]
    public async Task No_token_and_no_name_reaches_a_log()
    {
        await using var scim = await ScimUnderTest.StartAsync();
        var id = await scim.CreateAsync("ada@contoso.example", ",\"password\":\"Secret!123\"");
        await scim.SendAsync("GET", "/Users", token: "a-wrong-token-of-somebody");
        await scim.PatchAsync(id, """{"op":"replace","path":"active","value":false}""");
        await scim.SendAsync("DELETE", "/Users/" + id);

        Assert.DoesNotContain(scim.Server.Log.All, line => line.Contains(ScimUnderTest.Token));
        Assert.DoesNotContain(scim.Server.Log.All, line => line.Contains("a-wrong-token"));
        Assert.DoesNotContain(scim.Server.Log.All, line => line.Contains("Secret!123"));
        Assert.DoesNotContain(scim.Server.Log.All, line => line.Contains("ada@contoso"));
        Assert.Equal(3, scim.Server.Log.All.Count(line => line.Contains("provisioning: ") && line.Contains(id)));
    }

    [Fact]
    public async Task A_tenant_that_nobody_seeded_takes_nobody_in()
    {
        await using var server = await RunningServer.StartAsync(ScimUnderTest.Provisioned);
        using var content = new StringContent(ScimUnderTest.NewUser("a@fabrikam.example"));
        content.Headers.ContentType = new("application/json");
        using var answer = await server.SendAsync(HttpMethod.Post, "/scim/v2/Users", ScimUnderTest.OtherToken, content);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains(server.Log.All, line => line.Contains($"there is no tenant {ScimUnderTest.Fabrikam}"));
    }

    [Fact]
    public async Task A_token_may_stand_in_a_file()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "short", TestContext.Current.CancellationToken);
            await Assert.ThrowsAsync<StartRefusedException>(() => StartAsync(file));
            var token = "a token of a file with more than 32 characters";
            await File.WriteAllTextAsync(file, token + "\n", TestContext.Current.CancellationToken);
            await using var server = await StartAsync(file);
            using var answer = await server.SendAsync(HttpMethod.Get, "/scim/v2/Users", token);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        finally
        {
            File.Delete(file);
        }

        static Task<RunningServer> StartAsync(string file) =>
            RunningServer.StartAsync(options =>
                options with
                {
                    Provisioning = new ProvisioningOptions
                    {
                        Clients = [new() { Tenant = Guid.Parse(RunningServer.DemoTenant), TokenFile = file }],
                    },
                }
            );
    }

    [Fact]
    public void Settings_that_let_in_nobody_or_anybody_are_refused()
    {
        var good = new ProvisioningClientOptions
        {
            Tenant = ScimUnderTest.Fabrikam,
            TokenSha256 = ScimUnderTest.HashOf("x"),
        };
        string Faults(params ProvisioningClientOptions[] clients) =>
            string.Join('|', ProvisioningOptionsFaults.Of(new() { Clients = clients }));

        Assert.Empty(Faults(good));
        Assert.Contains("clients[0].tenant", Faults(good with { Tenant = Guid.Empty }));
        Assert.Contains("clients[0].tokenFile", Faults(good with { TokenSha256 = null }));
        Assert.Contains("clients[0].tokenFile", Faults(good with { TokenFile = "a" }));
        Assert.Contains("is missing", Faults(good with { TokenSha256 = null, TokenFile = "no-such-file" }));
        Assert.Contains("clients[0].tokenSha256", Faults(good with { TokenSha256 = "abc" }));
        Assert.Contains("same tokenSha256", Faults(good, good));
        Assert.Contains("100 at most", Faults([.. Enumerable.Repeat(good, 101)]));
    }
}
