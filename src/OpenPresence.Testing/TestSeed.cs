namespace OpenPresence.Testing;

/// <summary>
/// What a test begins with: a tenant with two applications that may do everything, and no person in it.
/// </summary>
internal static class TestSeed
{
    /// <summary>Of the application that has one.</summary>
    public const string Secret = "test-secret";

    private const string Json = $$"""
        {
          "tenants": [
            {
              "id": "aaaabbbb-0000-cccc-1111-dddd2222eeee",
              "displayName": "Contoso",
              "domains": ["contoso.example"],
              "applications": [
                {
                  "clientId": "00001111-aaaa-2222-bbbb-3333cccc4444",
                  "displayName": "Application under test",
                  "secrets": ["{{Secret}}"],
                  "redirectUris": ["http://localhost"],
                  "applicationPermissions": ["*"],
                  "delegatedScopes": ["*"]
                },
                {
                  "clientId": "11112222-bbbb-3333-cccc-4444dddd5555",
                  "displayName": "Client under test",
                  "isPublicClient": true,
                  "redirectUris": ["http://localhost"],
                  "delegatedScopes": ["*"]
                }
              ]
            }
          ]
        }
        """;

    /// <summary>Writes it where the server looks for it, at the start and at every reset.</summary>
    public static async Task<string> WriteAsync(string folder, CancellationToken cancel)
    {
        var path = Path.Combine(folder, "seed.json");
        await File.WriteAllTextAsync(path, Json, cancel);
        return path;
    }
}
