using System.Text.Json.Nodes;
using OpenPresence.Server.Identity;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>An authenticator with the built-in issuer's trust, a small directory and a clock to move.</summary>
internal sealed class AuthenticatorFixture
{
    public static readonly Guid TenantId = Guid.Parse(TokenWorkshop.Tenant);
    public static readonly Guid OtherTenantId = Guid.Parse("bbbbcccc-1111-dddd-2222-eeee3333ffff");
    public static readonly Guid PersonId = Guid.Parse(TokenWorkshop.Person);
    public static readonly Guid DisabledId = Guid.Parse("11111111-0000-0000-0000-000000000001");
    public static readonly Guid OtherTenantsId = Guid.Parse("11111111-0000-0000-0000-000000000002");
    public static readonly Guid OnlyIdKnown = Guid.Parse("11111111-0000-0000-0000-000000000003");
    public static readonly Guid AppId = Guid.Parse(TokenWorkshop.App);

    public AuthenticatorFixture(AuthOptions? options = null, params TrustedIssuer[] external)
    {
        Options = options ?? new AuthOptions();
        Cache = new(Options, Clock);
        Directory.Upsert(new Tenant(TenantId, "Contoso", ["contoso.example"]));
        Directory.Upsert(new Tenant(OtherTenantId, "Fabrikam", ["fabrikam.example"]));
        AddPerson(PersonId, TenantId, "megan@contoso.example");
        AddPerson(OtherTenantsId, OtherTenantId, "lee@fabrikam.example");
        Directory.Upsert(new Person(DisabledId, TenantId, "gone@contoso.example", "Gone") { AccountEnabled = false });
        Directory.Upsert(new Application(AppId, TenantId, "Wallboard"));
        Authenticator = new(
            [.. external, TrustedIssuer.BuiltIn(new TokenWorkshop(), ["localhost", "127.0.0.1"])],
            Directory,
            HomeOf,
            Cache,
            Options,
            Clock
        );
    }

    /// <summary>As on a node: the board also knows people of whom the directory knows nothing.</summary>
    private bool HomeOf(Guid personId, out Guid tenantId)
    {
        tenantId = TenantId;
        return personId == OnlyIdKnown || Directory.TryGetTenantOf(personId, out tenantId);
    }

    public ManualClock Clock { get; } = new();

    public AuthOptions Options { get; }

    public TenantDirectory Directory { get; } = new();

    public TokenCache Cache { get; }

    public Authenticator Authenticator { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public JsonObject PersonClaims(string scopes = "Presence.Read") => TokenWorkshop.PersonClaims(Now, scopes);

    public ValueTask<AuthResult> Authenticate(string token) =>
        Authenticator.AuthenticateAsync($"Bearer {token}", TestContext.Current.CancellationToken);

    public ValueTask<AuthResult> Authenticate(JsonObject claims) => Authenticate(TokenWorkshop.Sign(claims));

    private void AddPerson(Guid id, Guid tenantId, string name) =>
        Directory.Upsert(new Person(id, tenantId, name, name));
}
