using System.Text.Json.Nodes;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Keys;
using static OpenPresence.Server.Tests.Identity.AuthenticatorFixture;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>External issuers as docs/issuers.md sets them up, their claims as they really look.</summary>
public sealed class TrustedIssuerTests
{
    private static string Realm => Keycloak.Authority;

    private static readonly TrustedIssuerOptions Keycloak = IssuersDocument.Example("keycloak");
    private static readonly TrustedIssuerOptions Rfc9068 = IssuersDocument.Example("rfc9068");
    private static readonly TrustedIssuerOptions Entra = IssuersDocument.Example("entra");

    [Fact]
    public void The_examples_of_the_document_have_no_fault() =>
        Assert.Empty(AuthOptionsFaults.Of(new() { TrustedIssuers = [.. IssuersDocument.Examples] }));

    [Fact]
    public async Task A_person_of_keycloak_is_found_by_name_and_acts_through_a_named_client()
    {
        var caller = (await Judge(Keycloak, KeycloakPerson())).Caller!;
        Assert.Equal((TenantId, PersonId), (caller.TenantId, caller.UserId!.Value));
        Assert.Equal(CallerKind.DelegatedWork, caller.Kind);
        Assert.Equal(["openid", "Presence.Read.All"], caller.Permissions);
        Assert.Equal(ApplicationIds.Of("keycloak", "wallboard"), caller.ApplicationId);
    }

    [Fact]
    public async Task A_service_account_of_keycloak_is_an_application_with_roles()
    {
        var claims = KeycloakPerson();
        claims["client_id"] = "wallboard";
        claims["preferred_username"] = "service-account-wallboard";
        claims["resource_access"] = JsonNode.Parse(
            """{"openpresence":{"roles":["Presence.ReadWrite.All"]},"account":{"roles":["x"]}}"""
        );
        var caller = (await Judge(Keycloak, claims)).Caller!;
        Assert.Equal((CallerKind.Application, null), (caller.Kind, caller.UserId));
        Assert.Equal(["Presence.ReadWrite.All"], caller.Permissions);
    }

    [Theory]
    [InlineData("nobody@contoso.example")]
    [InlineData("lee@fabrikam.example")] // of another tenant
    [InlineData(null)]
    public async Task Who_is_not_in_the_tenant_is_refused_by_name_too(string? name)
    {
        var claims = KeycloakPerson();
        claims["preferred_username"] = name;
        Assert.Equal(TokenRefusals.Person, (await Judge(Keycloak, claims)).Refusal);
    }

    [Fact]
    public async Task Without_the_setting_a_name_finds_nobody()
    {
        var strict = Keycloak with { UnknownPerson = UnknownPerson.Refuse };
        Assert.Equal(TokenRefusals.Person, (await Judge(strict, KeycloakPerson())).Refusal);
    }

    [Fact]
    public async Task Where_subject_and_client_are_one_the_token_is_the_applications()
    {
        var claims = Lifetime(Rfc9068.Authority, "https://presence.example");
        claims["sub"] = "wallboard";
        claims["client_id"] = "wallboard";
        claims["scope"] = "Presence.Read.All";
        var caller = (await Judge(Rfc9068, claims)).Caller!;
        Assert.Equal(CallerKind.Application, caller.Kind);
        Assert.Equal(Access.Everyone, caller.AccessTo(Operation.GetPresencesByUserId));

        claims["sub"] = TokenWorkshop.Person;
        Assert.Equal(PersonId, (await Judge(Rfc9068, claims)).Caller!.UserId);
    }

    [Theory]
    [InlineData("https://login.microsoftonline.com/{0}/v2.0")]
    [InlineData("https://sts.windows.net/{0}/")]
    public async Task Entra_is_accepted_for_the_named_tenants_alone(string issuer)
    {
        Assert.NotNull((await Judge(Entra, EntraPerson(TenantId))).Caller);
        var others = await Judge(Entra, EntraPerson(OtherTenantId));
        Assert.Equal(RefusalKind.TokenRejected, others.Refusal!.Kind);

        JsonObject EntraPerson(Guid tenant)
        {
            var claims = Lifetime(string.Format(issuer, tenant), "api://openpresence");
            claims["tid"] = tenant.ToString();
            claims["oid"] = TokenWorkshop.Person;
            claims["azp"] = TokenWorkshop.App;
            claims["scp"] = "Presence.Read";
            return claims;
        }
    }

    [Fact]
    public async Task A_token_for_Microsoft_Graph_itself_is_not_one_for_this_server()
    {
        var claims = KeycloakPerson();
        claims["aud"] = "https://graph.microsoft.com";
        var refusal = (await Judge(Keycloak, claims)).Refusal!;
        Assert.Equal(RefusalKind.TokenRejected, refusal.Kind);
        Assert.Contains("accepts openpresence", refusal.Arguments[0]);
    }

    [Fact]
    public async Task Neither_issuer_can_speak_with_the_others_key()
    {
        var others = new OtherKeys();
        var fixture = new AuthenticatorFixture(null, TrustedIssuer.External(Keycloak, others));
        // our own key, but the other's name
        Assert.Equal(TokenRefusals.UnknownKey, (await fixture.Authenticate(KeycloakPerson())).Refusal);
        // the other's key, but our own name
        var header = TokenWorkshop.Header("ES256", OtherKeys.KeyId);
        Assert.Equal(
            TokenRefusals.UnknownKey,
            (await fixture.Authenticate(TokenWorkshop.Sign(header, fixture.PersonClaims()))).Refusal
        );
        Assert.NotNull((await fixture.Authenticate(TokenWorkshop.Sign(header, KeycloakPerson()))).Caller);
    }

    [Fact]
    public async Task Where_one_name_fits_two_issuers_the_key_says_which_it_is()
    {
        var entra = TrustedIssuer.External(Entra, new OtherKeys());
        var fixture = new AuthenticatorFixture(null, entra);
        var claims = fixture.PersonClaims();
        claims["iss"] = Entra.Authority; // which the built-in issuer may call itself, too
        claims["aud"] = "https://graph.microsoft.com";
        Assert.NotNull((await fixture.Authenticate(claims)).Caller);

        var header = TokenWorkshop.Header("ES256", OtherKeys.KeyId);
        var refusal = (await fixture.Authenticate(TokenWorkshop.Sign(header, claims))).Refusal!;
        Assert.Contains("accepts api://openpresence", refusal.Arguments[0]);
        claims["aud"] = "api://openpresence";
        Assert.NotNull((await fixture.Authenticate(TokenWorkshop.Sign(header, claims))).Caller);
    }

    [Fact]
    public async Task While_keys_cannot_be_fetched_the_answer_is_an_outage_and_no_verdict()
    {
        var fixture = new AuthenticatorFixture(null, TrustedIssuer.External(Keycloak, new Unreachable()));
        var refusal = (await fixture.Authenticate(KeycloakPerson())).Refusal!;
        Assert.Equal(RefusalKind.ServiceUnavailable, refusal.Kind);
        Assert.InRange(refusal.RetryAfterSeconds!.Value, 1, 99);
        Assert.NotNull((await fixture.Authenticate(fixture.PersonClaims())).Caller);
    }

    [Fact]
    public async Task An_application_must_be_known_where_the_setting_says_so()
    {
        var strict = Keycloak with { ApplicationMustBeKnown = true };
        var claims = KeycloakPerson();
        Assert.Equal(TokenRefusals.Application, (await Judge(strict, claims)).Refusal);
        claims["azp"] = TokenWorkshop.App;
        Assert.Equal(AppId, (await Judge(strict, claims)).Caller!.ApplicationId);
    }

    [Fact]
    public void A_client_of_any_name_has_one_id_for_ever()
    {
        Assert.Equal(Guid.Parse("d55d1dd9-fd51-8626-9934-e9a3936ed2b3"), ApplicationIds.Of("keycloak", "wallboard"));
        Assert.NotEqual(ApplicationIds.Of("keycloak", "wallboard"), ApplicationIds.Of("another", "wallboard"));
        Assert.Equal(AppId, ApplicationIds.Of("keycloak", TokenWorkshop.App.ToUpperInvariant()));
    }

    private static ValueTask<AuthResult> Judge(TrustedIssuerOptions issuer, JsonObject claims)
    {
        Assert.Empty(AuthOptionsFaults.Of(new() { TrustedIssuers = [issuer] }));
        var trusted = TrustedIssuer.External(issuer, new TokenWorkshop());
        return new AuthenticatorFixture(null, trusted).Authenticate(claims);
    }

    private static JsonObject KeycloakPerson()
    {
        var claims = Lifetime(Realm, "openpresence");
        claims["sub"] = "5d2c1f0e-9f3b-4f39-8c11-0123456789ab";
        claims["typ"] = "Bearer";
        claims["azp"] = "wallboard";
        claims["scope"] = "openid Presence.Read.All";
        claims["preferred_username"] = "Megan@contoso.example";
        claims["realm_access"] = JsonNode.Parse("""{"roles":["offline_access"]}""");
        return claims;
    }

    private static JsonObject Lifetime(string issuer, string audience)
    {
        var now = new ManualClock().GetUtcNow();
        return new()
        {
            ["iss"] = issuer,
            ["aud"] = new JsonArray(audience, "account"),
            ["iat"] = now.ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
        };
    }

    private sealed class OtherKeys : IVerificationKeys
    {
        public const string KeyId = "other-1";

        public ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel) =>
            new(keyId == KeyId ? new VerificationKey(KeyId, TokenWorkshop.Ec) : null);
    }

    private sealed class Unreachable : IVerificationKeys
    {
        public ValueTask<VerificationKey?> FindAsync(string keyId, CancellationToken cancel) =>
            throw new IssuerUnreachableException("keycloak");
    }
}
