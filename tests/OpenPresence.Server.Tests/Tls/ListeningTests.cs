using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OpenPresence.Server.Tls;

namespace OpenPresence.Server.Tests.Tls;

/// <summary>Over real sockets: what a client sees that trusts the authority and nothing else.</summary>
public sealed class ListeningTests : IDisposable
{
    private readonly TlsFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_client_that_trusts_the_authority_is_answered_over_HTTPS(int version)
    {
        using var certificate = Open();
        await using var server = await StartAsync(certificate);
        using var client = Client(X509ChainTrustMode.CustomRootTrust);

        using var request = new HttpRequestMessage(HttpMethod.Get, UrlOf(server, "https"))
        {
            Version = new Version(version, version == 1 ? 1 : 0),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(version, response.Version.Major);
    }

    [Fact]
    public async Task A_client_that_does_not_trust_the_authority_ends_the_handshake()
    {
        using var certificate = Open();
        await using var server = await StartAsync(certificate);
        using var client = Client(X509ChainTrustMode.System);

        var failure = await Assert.ThrowsAsync<HttpRequestException>(() =>
            client.GetAsync(UrlOf(server, "https"), TestContext.Current.CancellationToken)
        );

        Assert.Equal(HttpRequestError.SecureConnectionError, failure.HttpRequestError);
    }

    [Fact]
    public async Task Plain_HTTP_is_answered_beside_it()
    {
        using var certificate = Open();
        await using var server = await StartAsync(certificate);
        using var client = new HttpClient();

        var text = await client.GetStringAsync(UrlOf(server, "http"), TestContext.Current.CancellationToken);

        Assert.Equal("answer", text);
    }

    [Theory]
    [InlineData(-1, 0, "https")]
    [InlineData(0, -1, "http")]
    public async Task A_port_of_minus_one_is_not_opened(int http, int https, string only)
    {
        _folder.Options = _folder.Options with { HttpPort = http, HttpsPort = https };
        using var certificate = https < 0 ? null : _folder.Open();
        await using var server = await StartAsync(certificate);

        Assert.StartsWith(only + "://", Assert.Single(server.Urls));
    }

    [Fact]
    public async Task Every_address_that_is_named_is_listened_on()
    {
        _folder.Options = _folder.Options with { Listen = ["127.0.0.1", "127.0.0.2"] };
        using var certificate = Open();
        await using var server = await StartAsync(certificate);

        Assert.Equal(
            ["http://127.0.0.1", "http://127.0.0.2", "https://127.0.0.1", "https://127.0.0.2"],
            server.Urls.Select(url => url[..url.LastIndexOf(':')]).Order(StringComparer.Ordinal)
        );
    }

    private ServerCertificate Open()
    {
        _folder.Options = _folder.Options with { HttpPort = 0, HttpsPort = 0 };
        return ServerCertificate.Open(
            _folder.Options,
            TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
    }

    private async Task<WebApplication> StartAsync(ServerCertificate? certificate)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenAsConfigured(_folder.Options, certificate));
        var app = builder.Build();
        app.Run(context => context.Response.WriteAsync("answer"));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private HttpClient Client(X509ChainTrustMode trust)
    {
        var policy = new X509ChainPolicy { TrustMode = trust, RevocationMode = X509RevocationMode.NoCheck };
        if (trust == X509ChainTrustMode.CustomRootTrust)
        {
            policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(_folder.FileOf("ca.pem")));
        }

        return new HttpClient(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = policy },
            }
        );
    }

    private static string UrlOf(WebApplication server, string scheme) =>
        server
            .Services.GetRequiredService<IServer>()
            .Features.Get<IServerAddressesFeature>()!
            .Addresses.Single(url => url.StartsWith(scheme + ":", StringComparison.Ordinal));
}
