using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Tests.Graph;

namespace OpenPresence.Server.Tests.Identity;

/// <summary>
/// Every bad token against a whole server: an envelope and a status for each, nothing of any token in a log, the
/// framework's own included. The tokens come from a provider that the server trusts, so that they get as far as
/// their fault.
/// </summary>
public sealed class SilenceTests : IAsyncLifetime
{
    private LoopbackProvider _provider = null!;
    private RunningServer _server = null!;

    public async ValueTask InitializeAsync()
    {
        _provider = await LoopbackProvider.StartAsync();
        _provider.KeySet = () =>
            LoopbackProvider.KeySetOf(
                LoopbackProvider.RsaKey(TokenWorkshop.RsaKeyId, TokenWorkshop.Rsa),
                LoopbackProvider.EcKey(TokenWorkshop.EcKeyId, TokenWorkshop.Ec)
            );
        var issuer = new TrustedIssuerOptions
        {
            Name = "workshop",
            Authority = _provider.Address,
            Issuers = ["https://localhost:5443/{tenantid}/v2.0"],
            Audiences = ["https://graph.microsoft.com"],
            Tenants = [AuthenticatorFixture.TenantId],
            ApplicationMustBeKnown = true,
        };
        _server = await RunningServer.StartAsync(options =>
            options with
            {
                Auth = new() { TrustedIssuers = [issuer] },
            }
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        await _provider.DisposeAsync();
    }

    [Fact]
    public async Task A_bad_token_gets_an_envelope_and_never_a_failure()
    {
        foreach (var (name, bad) in BadTokens.All)
        {
            using var answer = await SendAsync(bad.Header(_server.Clock.GetUtcNow()));
            if (name is "a line break inside" or "letters that are not ASCII")
            {
                continue; // no header at all: refused before there is a request
            }
            var (status, code) = bad.Kind switch
            {
                RefusalKind.PersonalAccount => (StatusCodes.Status403Forbidden, "Forbidden"),
                _ => (StatusCodes.Status401Unauthorized, "InvalidAuthenticationToken"),
            };
            Assert.Equal((name, status), (name, (int)answer.StatusCode));
            Assert.Equal((name, status == 401), (name, answer.Headers.WwwAuthenticate.Count > 0));
            var text = await answer.Content.ReadAsStringAsync(Cancel);
            using var body = JsonDocument.Parse(text);
            var error = body.RootElement.GetProperty("error");
            Assert.Equal((name, code), (name, error.GetProperty("code").GetString()));
            Assert.DoesNotContain(BadTokens.Secret, text, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task What_is_wrong_with_a_token_is_said_as_the_table_says_it()
    {
        await Refused.WithAsync(RefusalKind.TokenMalformed, SendAsync(BadTokens.All["exp that is a word"]));
        await Refused.WithAsync(RefusalKind.TokenExpired, SendAsync(BadTokens.All["expired"]));
        await Refused.WithAsync(RefusalKind.TokenNotYetValid, SendAsync(BadTokens.All["not yet valid"]));
        await Refused.WithAsync(RefusalKind.TokenRejected, SendAsync(BadTokens.All["algorithm none"]));
        await Refused.WithAsync(RefusalKind.PersonalAccount, SendAsync(BadTokens.All["a personal account"]));
    }

    [Fact]
    public async Task Nothing_of_a_token_is_logged()
    {
        var now = _server.Clock.GetUtcNow();
        foreach (var bad in BadTokens.All.Values)
        {
            (await SendAsync(bad.Header(now))).Dispose();
        }
        var good = TokenWorkshop.Sign(TokenWorkshop.PersonClaims(now));
        using var answer = await SendAsync($"Bearer {good}");
        Assert.Equal(StatusCodes.Status200OK, (int)answer.StatusCode);
        await _provider.DisposeAsync();
        var other = TokenWorkshop.Header(kid: "never-seen");
        (await SendAsync($"Bearer {TokenWorkshop.Sign(other, TokenWorkshop.PersonClaims(now))}")).Dispose();

        var lines = string.Join('\n', _server.Log.All);
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(BadTokens.Secret, lines, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(good[^40..], lines);
        Assert.DoesNotContain("eyJ", lines); // how the base64url of every JSON object begins
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Task<HttpResponseMessage> SendAsync(BadToken bad) => SendAsync(bad.Header(_server.Clock.GetUtcNow()));

    private async Task<HttpResponseMessage> SendAsync(StringValues values)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1.0/me/presence");
        foreach (var value in values)
        {
            // What the client thinks of the value must not spare the server.
            request.Headers.TryAddWithoutValidation("Authorization", value);
        }
        try
        {
            return await _server.Client.SendAsync(request, Cancel);
        }
        catch (HttpRequestException)
        {
            return new(System.Net.HttpStatusCode.BadRequest); // never left the client
        }
    }
}
