using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.State.Directory;
using static OpenPresence.Server.Tests.Identity.AuthenticatorFixture;

namespace OpenPresence.Server.Tests.Identity;

public sealed class AuthenticatorTests
{
    private readonly AuthenticatorFixture _fixture = new();

    [Theory]
    [InlineData("RS256", TokenWorkshop.RsaKeyId)]
    [InlineData("PS256", TokenWorkshop.RsaKeyId)]
    [InlineData("ES256", TokenWorkshop.EcKeyId)]
    public async Task Each_algorithm_of_the_allow_list_is_accepted(string algorithm, string keyId)
    {
        var header = TokenWorkshop.Header(algorithm, keyId);
        var token = TokenWorkshop.Sign(header, _fixture.PersonClaims());
        Assert.Equal(PersonId, (await _fixture.Authenticate(token)).Caller!.UserId);
    }

    [Fact]
    public async Task A_persons_token_of_version_2_says_who_they_are_and_what_they_may()
    {
        var result = await _fixture.Authenticate(_fixture.PersonClaims("openid Presence.Read Presence.ReadWrite"));
        var caller = result.Caller!;
        Assert.Null(result.Refusal);
        Assert.Equal(TenantId, caller.TenantId);
        Assert.Equal(PersonId, caller.UserId);
        Assert.Equal(AppId, caller.ApplicationId);
        Assert.Equal(CallerKind.DelegatedWork, caller.Kind);
        Assert.Equal(["openid", "Presence.Read", "Presence.ReadWrite"], caller.Permissions);
        Assert.Equal(_fixture.Now.AddHours(1), caller.ExpiresAt);
        Assert.Equal(Access.Self, caller.AccessTo(Operation.GetUserPresence));
        Assert.Equal(Access.Self, caller.AccessTo(Operation.SetPresence));
        Assert.Equal(Access.None, caller.AccessTo(Operation.GetPresencesByUserId));
    }

    [Fact]
    public async Task An_applications_token_of_version_1_says_what_it_may()
    {
        var claims = TokenWorkshop.AppClaims(_fixture.Now, "Presence.Read.All");
        var caller = (await _fixture.Authenticate(claims)).Caller!;
        Assert.Null(caller.UserId);
        Assert.Equal(AppId, caller.ApplicationId);
        Assert.Equal(CallerKind.Application, caller.Kind);
        Assert.Equal(Access.Everyone, caller.AccessTo(Operation.GetPresencesByUserId));
        Assert.Equal(Access.None, caller.AccessTo(Operation.SetPresence));
    }

    [Theory]
    [InlineData("an application", null, null, CallerKind.Application)]
    [InlineData("an application", "app", null, CallerKind.Application)]
    [InlineData("an application", "app", "Presence.Read", CallerKind.Application)]
    [InlineData("a person", null, "Presence.Read", CallerKind.DelegatedWork)]
    [InlineData("a person", "user", "Presence.Read", CallerKind.DelegatedWork)]
    [InlineData("a person", "user", null, CallerKind.DelegatedWork)]
    [InlineData("a person", null, null, CallerKind.DelegatedWork)]
    [InlineData("a person without a name", null, null, CallerKind.DelegatedWork)]
    public async Task Idtyp_says_whose_token_it_is_and_without_it_scopes_or_a_person_do(
        string subject,
        string? idtyp,
        string? scp,
        CallerKind expected
    )
    {
        var claims = _fixture.PersonClaims();
        claims.Remove("scp");
        claims["roles"] = new JsonArray("Presence.Read.All");
        if (subject != "a person")
        {
            claims.Remove("preferred_username");
        }
        Set(claims, "oid", subject == "an application" ? $"{Guid.NewGuid()}" : null);
        Set(claims, "idtyp", idtyp);
        Set(claims, "scp", scp);
        var caller = (await _fixture.Authenticate(claims)).Caller!;
        Assert.Equal(expected, caller.Kind);
        var counts = expected is CallerKind.Application ? "Presence.Read.All" : scp;
        Assert.Equal(counts is null ? [] : [counts], caller.Permissions);
    }

    [Fact]
    public async Task An_id_token_does_not_make_an_application_of_a_person()
    {
        var claims = _fixture.PersonClaims();
        claims.Remove("scp");
        claims["nonce"] = "n";
        claims["oid"] = Guid.NewGuid().ToString();
        claims["roles"] = new JsonArray("Presence.ReadWrite.All");
        Assert.Equal(TokenRefusals.Person, (await _fixture.Authenticate(claims)).Refusal);
    }

    [Fact]
    public async Task Roles_of_a_person_are_no_permissions()
    {
        var claims = _fixture.PersonClaims("Presence.Read");
        claims["roles"] = new JsonArray("Presence.ReadWrite.All", "Presence.Read.All");
        var caller = (await _fixture.Authenticate(claims)).Caller!;
        Assert.Equal(Access.Self, caller.AccessTo(Operation.GetUserPresence));
    }

    [Theory]
    [InlineData("https://localhost:5443/{0}/v2.0")]
    [InlineData("http://127.0.0.1:5080/{0}/v2.0")]
    [InlineData("https://login.microsoftonline.com/{0}/v2.0")]
    [InlineData("https://sts.windows.net/{0}/")]
    public async Task The_built_in_issuer_is_known_by_its_key_whatever_its_host(string issuer)
    {
        var claims = _fixture.PersonClaims();
        claims["iss"] = string.Format(issuer, TokenWorkshop.Tenant);
        Assert.NotNull((await _fixture.Authenticate(claims)).Caller);
    }

    [Theory]
    [InlineData("https://graph.microsoft.com")]
    [InlineData("https://graph.microsoft.com/")]
    [InlineData("00000003-0000-0000-c000-000000000000")]
    [InlineData("https://graph.microsoft.us")]
    [InlineData("https://dod-graph.microsoft.us")]
    [InlineData("https://microsoftgraph.chinacloudapi.cn")]
    [InlineData("https://localhost")]
    [InlineData("https://localhost:5443")]
    [InlineData("http://127.0.0.1:5080/")]
    public async Task Every_name_that_clients_have_for_this_server_is_an_audience(string audience)
    {
        var claims = _fixture.PersonClaims();
        claims["aud"] = audience;
        Assert.NotNull((await _fixture.Authenticate(claims)).Caller);
        claims["aud"] = new JsonArray("api://other", audience);
        Assert.NotNull((await _fixture.Authenticate(claims)).Caller);
    }

    [Theory]
    [InlineData("bearer")]
    [InlineData("BEARER")]
    [InlineData("Bearer ")]
    public async Task The_scheme_has_no_case_and_blanks_do_not_matter(string scheme)
    {
        var token = TokenWorkshop.Sign(_fixture.PersonClaims());
        var result = await _fixture.Authenticator.AuthenticateAsync(
            $"{scheme} {token} ",
            TestContext.Current.CancellationToken
        );
        Assert.NotNull(result.Caller);
    }

    [Fact]
    public async Task Instants_may_be_strings_or_have_fractions()
    {
        var claims = _fixture.PersonClaims();
        var now = _fixture.Now.ToUnixTimeSeconds();
        claims["nbf"] = $"{now}";
        claims["exp"] = now + 100.5;
        var caller = (await _fixture.Authenticate(claims)).Caller!;
        Assert.Equal(_fixture.Now.AddSeconds(100), caller.ExpiresAt);
    }

    [Fact]
    public async Task The_clocks_of_issuer_and_server_may_differ_by_the_skew_and_no_more()
    {
        var skew = _fixture.Options.ClockSkew;
        var claims = _fixture.PersonClaims();
        claims["nbf"] = (_fixture.Now + skew).ToUnixTimeSeconds();
        claims["exp"] = (_fixture.Now + skew).ToUnixTimeSeconds();
        var token = TokenWorkshop.Sign(claims);
        Assert.NotNull((await _fixture.Authenticate(token)).Caller);

        _fixture.Clock.Advance((2 * skew) - TimeSpan.FromSeconds(1));
        Assert.NotNull((await _fixture.Authenticate(token)).Caller);

        _fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        var refusal = (await _fixture.Authenticate(token)).Refusal!;
        Assert.Equal(RefusalKind.TokenExpired, refusal.Kind);
    }

    [Fact]
    public async Task A_person_of_whom_only_the_id_is_known_is_somebody()
    {
        var claims = _fixture.PersonClaims();
        claims["oid"] = OnlyIdKnown.ToString();
        Assert.Equal(OnlyIdKnown, (await _fixture.Authenticate(claims)).Caller!.UserId);
    }

    public static TheoryData<string> Endings { get; } =
        new("person disabled", "person removed", "application removed", "tenant flushed", "flush");

    [Theory]
    [MemberData(nameof(Endings))]
    public async Task What_ends_a_token_is_felt_by_the_next_request(string ending)
    {
        var (mine, others) = (Token(PersonId), Token(OnlyIdKnown));
        var before = (await _fixture.Authenticate(mine)).Caller!;
        await _fixture.Authenticate(others);
        Assert.Same(before, (await _fixture.Authenticate(mine)).Caller);

        End(ending);
        Assert.Equal(ending is "person disabled" or "person removed" ? 1 : 0, _fixture.Cache.Count);
        Assert.NotSame(before, (await _fixture.Authenticate(mine)).Caller);
    }

    [Fact]
    public async Task What_nobody_told_is_found_out_when_the_token_is_validated_again()
    {
        var token = Token(PersonId);
        Assert.NotNull((await _fixture.Authenticate(token)).Caller);
        _fixture.Directory.RemovePerson(PersonId);
        Assert.NotNull((await _fixture.Authenticate(token)).Caller);

        _fixture.Clock.Advance(_fixture.Options.RevalidateAfter);
        var refusal = (await _fixture.Authenticate(token)).Refusal!;
        Assert.Equal(RefusalKind.TokenRejected, refusal.Kind);
    }

    private string Token(Guid person)
    {
        var claims = _fixture.PersonClaims();
        claims["oid"] = person.ToString();
        return TokenWorkshop.Sign(claims);
    }

    private void End(string ending)
    {
        _fixture.Directory.TryGetPerson(PersonId, out var person);
        DirectoryChange? change = ending switch
        {
            "person disabled" => new PersonUpserted(person! with { AccountEnabled = false }),
            "person removed" => new PersonRemoved(PersonId),
            "application removed" => new ApplicationRemoved(AppId),
            _ => null,
        };
        switch (ending)
        {
            case "tenant flushed":
                _fixture.Authenticator.FlushTenant(TenantId);
                break;
            case "flush":
                _fixture.Authenticator.Flush();
                break;
            default:
                _fixture.Directory.Apply(change!);
                _fixture.Authenticator.Observe(change!);
                break;
        }
    }

    private static void Set(JsonObject claims, string name, JsonNode? value)
    {
        if (value is not null)
        {
            claims[name] = value;
        }
    }
}
