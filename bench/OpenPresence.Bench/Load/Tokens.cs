using System.Text.Json;

namespace OpenPresence.Bench.Load;

/// <summary>Tokens of the built-in issuer, as a daemon gets them.</summary>
public static class Tokens
{
    public static Task<string> GetAsync(HttpClient client, CancellationToken cancel) =>
        GetAsync(client, NamedPopulation.Large, cancel);

    internal static async Task<string> GetAsync(HttpClient client, BenchTenant tenant, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = tenant.ClientId.ToString(),
                ["client_secret"] = Population.ClientSecret,
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        var path = new Uri($"/{tenant.Id}/oauth2/v2.0/token", UriKind.Relative);
        using var answer = await client.PostAsync(path, form, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"no token: {text}");
        }
        return JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()!;
    }
}
