using System.Text.Json;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Testing;

/// <summary>
/// Signs access tokens with the server's own key, in the shape of Entra ID's, for any permissions: a test says what its code may
/// do, and need not register an application for each case.
/// </summary>
internal sealed class TokenMint(ServerHost host)
{
    private static SigningKey? known;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(1);

    /// <summary>The tenant that tokens are for: the first of the seed.</summary>
    public Tenant Tenant { get; } = host.Node.State.Directory.Tenants.OrderBy(t => t.Id).First();

    /// <summary>The application that tokens name: the first of the tenant that has tokens for itself.</summary>
    public Guid ApplicationId { get; } = FirstOf(host.Node.State.Directory);

    /// <summary>
    /// Gives a server that has not started the key of an earlier one of this process. To make one takes longer than
    /// everything else of a start.
    /// </summary>
    public static void ShareKey(string dataDirectory)
    {
        if (Volatile.Read(ref known) is { } key)
        {
            var files = new SigningKeyFiles(Path.Combine(dataDirectory, DataFolders.Keys));
            files.Load([]);
            files.Save(key);
        }
    }

    public Task<string> OfApplicationAsync(string[] permissions) =>
        SignAsync(json =>
        {
            json.WriteString("appid", ApplicationId);
            json.WriteString("oid", "99999999-0000-0000-0000-000000000001");
            json.WriteString("idtyp", "app");
            json.WriteStartArray("roles");
            foreach (var permission in OrAll(permissions))
            {
                json.WriteStringValue(permission);
            }
            json.WriteEndArray();
        });

    public Task<string> OfPersonAsync(Guid person, string[] scopes) =>
        SignAsync(json =>
        {
            json.WriteString("appid", ApplicationId);
            json.WriteString("oid", person);
            json.WriteString("idtyp", "user");
            json.WriteString("scp", string.Join(' ', OrAll(scopes)));
        });

    private async Task<string> SignAsync(Action<Utf8JsonWriter> writeClaims)
    {
        var key = await host.SigningKeys!.CurrentAsync(CancellationToken.None);
        Volatile.Write(ref known, key);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        return Jwt.Sign(
            key,
            Jwt.TokenType,
            json =>
            {
                json.WriteString("aud", "https://graph.microsoft.com");
                json.WriteString("iss", $"https://sts.windows.net/{Tenant.Id}/");
                json.WriteString("tid", Tenant.Id);
                json.WriteString("ver", "1.0");
                json.WriteString("jti", Guid.NewGuid());
                json.WriteNumber("iat", now);
                json.WriteNumber("nbf", now);
                json.WriteNumber("exp", now + (long)Lifetime.TotalSeconds);
                writeClaims(json);
            }
        );
    }

    private static IEnumerable<string> OrAll(string[] permissions) =>
        permissions.Length > 0 ? permissions : PermissionTable.Built.Permissions.Keys;

    private static Guid FirstOf(TenantDirectory directory)
    {
        var tenant = directory.Tenants.OrderBy(tenant => tenant.Id).First();
        return directory
            .ApplicationsOf(tenant.Id)
            .OrderBy(application => application.IsPublicClient)
            .ThenBy(application => application.ClientId)
            .First()
            .ClientId;
    }
}
