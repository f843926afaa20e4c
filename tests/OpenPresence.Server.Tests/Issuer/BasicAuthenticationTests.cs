using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OpenPresence.Server.State.Directory;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Client id and secret in the Authorization header, alone and beside the same in the body.</summary>
public sealed class BasicAuthenticationTests : IAsyncLifetime
{
    private const string Strange = "a+b/c=d %41:e~ü";

    private IssuerHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IssuerHost.StartAsync();
        _host.Issuer.Directory.TryGetApplication(Daemon, out var daemon);
        _host.Issuer.Directory.Upsert(
            daemon! with
            {
                SecretHashes = [SecretHash.Hash(Secret), SecretHash.Hash(Strange)],
            }
        );
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>RFC 6749 has both parts form-encoded; Entra ID takes them as they are, and so clients send them.</summary>
    [Fact]
    public async Task A_secret_is_taken_form_encoded_and_as_it_is()
    {
        foreach (var secret in (string[])[Secret, Strange, Uri.EscapeDataString(Strange)])
        {
            await IssuerHost.JsonAsync(AskAsync($"{Daemon}:{secret}"));
        }
    }

    [Fact]
    public async Task The_same_credentials_in_the_body_are_no_contradiction()
    {
        await IssuerHost.JsonAsync(AskAsync($"{Daemon}:{Secret}", ("client_id", $"{Daemon}")));
        await IssuerHost.JsonAsync(
            AskAsync($"{Daemon}:{Secret}", ("client_id", $"{Daemon}"), ("client_secret", Secret))
        );
        await IssuerHost.JsonAsync(
            AskAsync($"{Daemon:D}".ToUpperInvariant() + $":{Secret}", ("client_id", $"{Daemon}"))
        );
        foreach (var secret in (string[])[Strange, Uri.EscapeDataString(Strange)])
        {
            await IssuerHost.JsonAsync(AskAsync($"{Daemon}:{secret}", ("client_secret", Strange)));
        }
    }

    [Fact]
    public async Task Other_credentials_in_the_body_are_one()
    {
        await RefusedAsync($"{Daemon}:{Secret}", 400, "invalid_request", 9002313, ("client_id", $"{Web}"));
        await RefusedAsync($"{Daemon}:{Secret}", 400, "invalid_request", 9002313, ("client_secret", "another"));
        await RefusedAsync($"{Daemon}:{Secret}", 400, "invalid_request", 9002313, ("client_assertion", "e30.e30."));
    }

    [Fact]
    public async Task An_empty_password_is_none()
    {
        await RefusedAsync($"{Daemon}:", 401, "invalid_client", 7000218);
        await IssuerHost.JsonAsync(AskAsync($"{Daemon}:", ("client_secret", Secret)));
    }

    [Fact]
    public async Task A_public_client_may_name_itself_so_but_has_no_secret()
    {
        (string, string?)[] signIn =
        [
            ("grant_type", "password"),
            ("username", Alice),
            ("password", "demo"),
            ("scope", "Presence.Read"),
        ];
        await IssuerHost.JsonAsync(AskAsync($"{Public}:", signIn));
        await RefusedAsync($"{Public}:{Secret}", 401, "invalid_client", 700025, signIn);
    }

    private Task<JsonElement> RefusedAsync(
        string credentials,
        int status,
        string error,
        int number,
        params (string Name, string? Value)[] more
    ) => IssuerHost.RefusedAsync(AskAsync(credentials, more), status, error, number);

    private Task<HttpResponseMessage> AskAsync(string credentials, params (string Name, string? Value)[] more)
    {
        var fields = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["grant_type"] = "client_credentials",
            ["scope"] = "https://graph.microsoft.com/.default",
        };
        foreach (var (name, value) in more)
        {
            fields[name] = value;
        }

        return _host.PostAsync(
            $"/{TenantId}/oauth2/v2.0/token",
            fields.Select(f => (f.Key, f.Value)),
            headers =>
                headers.Authorization = new AuthenticationHeaderValue(
                    "Basic",
                    Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials))
                )
        );
    }
}
