using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Hosting;

/// <summary>From settings to a server that answers, or to a sentence that says why there is none.</summary>
public sealed class ServerHostTests
{
    [Fact]
    public async Task Both_ports_are_answered_and_the_certificate_is_below_the_authority_that_is_named()
    {
        await using var server = await RunningServer.StartAsync(options => options with { HttpsPort = 0 });
        var (http, https) = (server.Host.Addresses.Http!, server.Host.Addresses.Https!);
        Assert.NotEqual(http.Port, https.Port);
        using var client = Trusting(server.Host.AuthorityFile!, server.Clock);
        foreach (var address in new[] { http, https })
        {
            Assert.Equal("ok\n", await client.GetStringAsync(new Uri(address, "/health/live"), Cancel));
        }
    }

    [Fact]
    public async Task Without_an_encrypted_port_there_is_no_certificate()
    {
        await using var server = await RunningServer.StartAsync();
        Assert.Null(server.Host.Addresses.Https);
        Assert.Null(server.Host.AuthorityFile);
        Assert.False(System.IO.Directory.Exists(Path.Combine(server.Host.Options.DataDirectory, "tls")));
    }

    [Fact]
    public async Task Without_a_plain_port_there_is_only_the_encrypted_one()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        await server.StartAgainAsync(options => options with { HttpPort = -1, HttpsPort = 0 });
        Assert.Null(server.Host.Addresses.Http);
        Assert.NotNull(server.Host.Addresses.Https);
    }

    [Fact]
    public async Task An_answer_does_not_say_what_program_it_is_from()
    {
        await using var server = await RunningServer.StartAsync();
        using var answer = await server.Client.GetAsync("/health/live", Cancel);
        Assert.Empty(answer.Headers.Server);
    }

    [Theory]
    [InlineData(Listeners.RequestLineBytesMax, 10, HttpStatusCode.RequestUriTooLong)]
    [InlineData(10, Listeners.RequestHeadersBytesMax, HttpStatusCode.RequestHeaderFieldsTooLarge)]
    [InlineData(Listeners.RequestLineBytesMax - 100, Listeners.RequestHeadersBytesMax - 500, HttpStatusCode.OK)]
    public async Task The_head_of_a_request_is_bounded(int line, int headers, HttpStatusCode status)
    {
        await using var server = await RunningServer.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/health/live?{new string('x', line)}");
        request.Headers.Add("Filling", new string('y', headers));
        using var answer = await server.Client.SendAsync(request, Cancel);
        Assert.Equal(status, answer.StatusCode);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named_and_the_data_is_free_for_another_start()
    {
        await using var server = await RunningServer.StartAsync(options => options with { HttpsPort = 0 });
        await server.StopAsync();
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        var refused = await Assert.ThrowsAsync<IOException>(() =>
            server.StartAgainAsync(options => options with { HttpPort = port, HttpsPort = -1 })
        );
        Assert.Contains($":{port}", refused.Message, StringComparison.Ordinal);
        await server.StartAgainAsync();
        using var answer = await server.Client.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_data_directory_belongs_to_one_server()
    {
        await using var server = await RunningServer.StartAsync();
        var folder = server.Host.Options.DataDirectory;
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() =>
            RunningServer.StartAsync(options => options with { DataDirectory = folder })
        );
        Assert.Equal(JournalRefusal.InUse, refused.Refusal);
        Assert.Contains(server.JournalDirectory, refused.Message, StringComparison.Ordinal);
        using var answer = await server.Client.GetAsync("/health/ready", Cancel);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_read_is_named_and_nothing_is_begun()
    {
        await using var server = await RunningServer.StartAsync();
        await server.StopAsync();
        var (certificate, key) = (InData(server, "no.pem"), InData(server, "no.key"));
        ServerOptions Given(ServerOptions options) =>
            options with
            {
                HttpsPort = 0,
                CertificateFile = certificate,
                CertificateKeyFile = key,
            };
        var missing = await Assert.ThrowsAnyAsync<IOException>(() => server.StartAgainAsync(Given));
        Assert.Contains(certificate, missing.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(certificate, "no certificate", Cancel);
        await File.WriteAllTextAsync(key, "no key", Cancel);
        var broken = await Assert.ThrowsAsync<InvalidDataException>(() => server.StartAgainAsync(Given));
        Assert.Contains($"{certificate} and {key}", broken.Message, StringComparison.Ordinal);
        await server.StartAgainAsync();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static string InData(RunningServer server, string name) =>
        Path.Combine(server.Host.Options.DataDirectory, name);

    private static HttpClient Trusting(string authorityFile, ManualClock clock) =>
        new(
            new SocketsHttpHandler
            {
                SslOptions = new SslClientAuthenticationOptions
                {
                    CertificateChainPolicy = new X509ChainPolicy
                    {
                        TrustMode = X509ChainTrustMode.CustomRootTrust,
                        RevocationMode = X509RevocationMode.NoCheck,
                        VerificationTime = clock.GetUtcNow().UtcDateTime,
                        CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(authorityFile) },
                    },
                },
            }
        );
}
