using System.Collections.Concurrent;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;
using OpenPresence.Server.Auth;

namespace OpenPresence.Server.Tests.Auth;

/// <summary>
/// Nothing of a token reaches a log, not even at the lowest level: a real server on a loopback socket, every
/// logger of it listened to, the framework's included, every bad token and a few good ones sent to it.
/// </summary>
public sealed class SilenceTests : IAsyncLifetime
{
    private readonly AuthenticatorFixture _fixture;
    private readonly LogCatcher _log = new();
    private readonly HttpClient _providersHttp = OidcProvider.NewHttpClient();
    private WebApplication _server = null!;

    public SilenceTests()
    {
        // A provider that answers nothing but mistakes, so that its outages are logged too.
        var options = new TrustedIssuerOptions
        {
            Name = "broken",
            Authority = "http://127.0.0.1:9/never",
            Audiences = ["x"],
            FixedTenant = AuthenticatorFixture.TenantId,
        };
        var clock = new ManualClock();
        var keys = new OidcKeys(
            new(options, _providersHttp, clock),
            clock,
            () => { },
            _log.CreateLogger("oidc")
        );
        _fixture = new(null, TrustedIssuer.External(options, keys));
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().WithoutTokens().SetMinimumLevel(LogLevel.Trace);
        builder.Logging.AddProvider(_log);
        _server = builder.Build();
        _server.Urls.Add("http://127.0.0.1:0");
        _server.Run(async http =>
        {
            var result = await _fixture.Authenticator.AuthenticateAsync(
                http.Request.Headers.Authorization,
                http.RequestAborted
            );
            http.Response.StatusCode = result.Refusal is { } no ? 400 + (int)no.Kind : 200;
        });
        await _server.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _providersHttp.Dispose();
        await _server.DisposeAsync();
        _log.Dispose();
    }

    [Fact]
    public async Task Nothing_of_a_token_is_logged_at_any_level()
    {
        using var client = new HttpClient { BaseAddress = new(_server.Urls.First()) };
        foreach (var (name, bad) in BadTokens.All)
        {
            var status = await SendAsync(client, bad.Header(_fixture.Now));
            Assert.True(status >= 400 && status != 500, $"{name}: {status}");
        }
        var outage = _fixture.PersonClaims();
        outage["iss"] = "http://127.0.0.1:9/never";
        outage["uti"] = BadTokens.Secret;
        await SendAsync(client, $"Bearer {TokenWorkshop.Sign(outage)}");
        var good = TokenWorkshop.Sign(_fixture.PersonClaims());
        Assert.Equal(200, await SendAsync(client, $"Bearer {good}"));

        var lines = string.Join('\n', _log.Lines);
        Assert.Contains("the keys of issuer broken could not be fetched", lines);
        Assert.DoesNotContain(BadTokens.Secret, lines, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(TokenWorkshop.Person, lines);
        Assert.DoesNotContain(good[^40..], lines);
        Assert.DoesNotContain("eyJ", lines); // how the base64url of every JSON object begins
    }

    private static async Task<int> SendAsync(HttpClient client, StringValues values)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        foreach (var value in values)
        {
            // A client that would not send some of them must not spare the server.
            request.Headers.TryAddWithoutValidation("Authorization", value);
        }
        request.Headers.CacheControl = new CacheControlHeaderValue { NoCache = true };
        try
        {
            using var answer = await client.SendAsync(
                request,
                TestContext.Current.CancellationToken
            );
            return (int)answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return StatusCodes.Status400BadRequest; // never left the client, or the line broke
        }
    }

    private sealed class LogCatcher : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
        {
            Lines.Enqueue($"scope {state}");
            return null;
        }

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
