using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Two tenants, a few people and applications to test the issuer with.</summary>
internal static class DemoDirectory
{
    public const string Domain = "contoso.example";
    public const string Secret = "demo-secret";
    public const string Redirect = "http://localhost";
    public const string WebRedirect = "https://app.contoso.example/signed-in";
    public const string Alice = "alice@contoso.example";
    public const string Disabled = "gone@contoso.example";
    public const string Stranger = "eve@fabrikam.example";

    public static readonly Guid TenantId = Guid.Parse("aaaabbbb-0000-cccc-1111-dddd2222eeee");
    public static readonly Guid OtherTenantId = Guid.Parse("bbbbcccc-1111-dddd-2222-eeee3333ffff");
    public static readonly Guid AliceId = Guid.Parse("11111111-1111-4111-8111-111111111111");
    public static readonly Guid Daemon = Guid.Parse("00001111-aaaa-2222-bbbb-3333cccc4444");
    public static readonly Guid Public = Guid.Parse("11112222-bbbb-3333-cccc-4444dddd5555");
    public static readonly Guid Web = Guid.Parse("22223333-cccc-4444-dddd-5555eeee6666");
    public static readonly Guid Modest = Guid.Parse("33334444-dddd-5555-eeee-6666ffff0000");
    public static readonly Guid Foreign = Guid.Parse("44445555-eeee-6666-ffff-000011112222");

    public static readonly Guid DaemonPrincipal = Guid.Parse("99999999-0000-4000-8000-000000000001");

    private static readonly string SecretHashed = SecretHash.Hash(Secret);

    public static TenantDirectory Make(TestCertificates? certificates)
    {
        var directory = new TenantDirectory();
        directory.Upsert(new Tenant(TenantId, "Contoso", [Domain]));
        directory.Upsert(new Tenant(OtherTenantId, "Fabrikam", ["fabrikam.example"]));
        directory.Upsert(
            new Person(AliceId, TenantId, Alice, "Alice Example")
            {
                GivenName = "Alice",
                Surname = "Example",
                Mail = "alice.example@contoso.example",
            }
        );
        directory.Upsert(new Person(Id(2), TenantId, "bob@contoso.example", "Bob <script>alert(1)</script>"));
        directory.Upsert(new Person(Id(3), TenantId, Disabled, "Gone") { AccountEnabled = false });
        directory.Upsert(new Person(Id(4), OtherTenantId, Stranger, "Eve"));
        directory.Upsert(
            new Application(Daemon, TenantId, "Daemon")
            {
                ServicePrincipalId = DaemonPrincipal,
                SecretHashes = [SecretHash.Hash("another"), SecretHashed],
                Certificates = certificates is null ? [] : [certificates.ClientDer],
                ApplicationPermissions = ["Presence.Read.All", "Presence.ReadWrite.All"],
                DelegatedScopes = ["Presence.Read.All"],
            }
        );
        directory.Upsert(
            new Application(Public, TenantId, "Desk client")
            {
                ServicePrincipalId = Id(101),
                IsPublicClient = true,
                RedirectUris = [Redirect, "http://127.0.0.1/signed-in", "https://spa.example"],
                DelegatedScopes = ["Presence.Read", "Presence.Read.All", "User.Read"],
            }
        );
        directory.Upsert(
            new Application(Web, TenantId, "Web <b>shop</b>")
            {
                ServicePrincipalId = Id(102),
                SecretHashes = [SecretHashed],
                RedirectUris = [WebRedirect],
                DelegatedScopes = ["Presence.Read"],
            }
        );
        directory.Upsert(
            new Application(Modest, TenantId, "Modest")
            {
                ServicePrincipalId = Id(103),
                IsPublicClient = true,
                RedirectUris = [Redirect],
            }
        );
        directory.Upsert(
            new Application(Foreign, OtherTenantId, "Foreign")
            {
                ServicePrincipalId = Id(104),
                IsPublicClient = true,
                RedirectUris = [Redirect],
                DelegatedScopes = ["Presence.Read"],
            }
        );
        return directory;
    }

    private static Guid Id(int number) => new(number, 0, 0x4000, [0x80, 0, 0, 0, 0, 0, 0, 0]);
}
