using System.Text.Json;

namespace OpenPresence.Bench.Load;

/// <summary>Tokens of the built-in issuer, as a daemon gets them.</summary>
public static class Tokens
{
    public static async Task<string> GetAsync(HttpClient client, CancellationToken cancel)
    {
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = Population.ClientId.ToString(),
                ["client_secret"] = Population.ClientSecret,
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        var path = new Uri($"/{Population.TenantId}/oauth2/v2.0/token", UriKind.Relative);
        using var answer = await client.PostAsync(path, form, cancel);
        var text = await answer.Content.ReadAsStringAsync(cancel);
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"no token: {text}");
        }
        return JsonDocument.Parse(text).RootElement.GetProperty("access_token").GetString()!;
    }
}
