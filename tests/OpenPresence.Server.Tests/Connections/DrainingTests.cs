using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenPresence.Server.Connections;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Connections;

/// <summary>How a server leaves: it says so, serves those who are in, and lets nobody in any more.</summary>
public sealed class DrainingTests
{
    private static readonly TimeSpan Lasts = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task While_it_drains_it_is_not_ready_and_answers_on()
    {
        await using var server = await StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await GetAsync(server, "/health/ready")).StatusCode);
        var draining = server.Host.DrainAsync(TestContext.Current.CancellationToken);

        using var ready = await GetAsync(server, "/health/ready");
        using var read = await GetAsync(server, $"/v1.0/users/{RunningServer.Someone}/presence");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal($"{Draining.Sentence}\n", await ready.Content.ReadAsStringAsync(Cancel));
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        Assert.True(read.Headers.ConnectionClose);
        Assert.False(draining.IsCompleted);
    }

    [Fact]
    public async Task Whoever_is_in_when_the_doors_close_is_served_and_the_last_one_ends_the_wait()
    {
        await using var server = await StartAsync();
        using var early = await ConnectAsync(server);
        var draining = server.Host.DrainAsync(Cancel);
        server.Clock.Advance(Lasts);
        server.Clock.Advance(Look);
        Assert.False(draining.IsCompleted);

        var answer = await AskAsync(early);

        Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
        await EndAsync(server, draining);
    }

    [Fact]
    public async Task Whoever_stays_idle_is_not_waited_for_for_long()
    {
        await using var server = await StartAsync();
        using var idle = await ConnectAsync(server);
        var draining = server.Host.DrainAsync(Cancel);
        server.Clock.Advance(Lasts);
        server.Clock.Advance(Draining.LeaveWithin);
        await EndAsync(server, draining);
    }

    [Fact]
    public async Task Nobody_gets_in_once_the_doors_are_closed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux can close its doors first");
        await using var server = await StartAsync();
        var draining = server.Host.DrainAsync(Cancel);
        server.Clock.Advance(Lasts);
        await EndAsync(server, draining);

        // The port still listens, and all the same the system does not answer for it: so nothing is sent that would be lost.
        var connecting = ConnectAsync(server);
        await server.StopAsync();

        var refused = await Assert.ThrowsAsync<SocketException>(() => connecting);
        Assert.Equal(SocketError.ConnectionRefused, refused.SocketErrorCode);
    }

    [Fact]
    public async Task Without_the_setting_development_does_not_wait()
    {
        await using var server = await RunningServer.StartAsync();
        await server.Host.DrainAsync(Cancel);
        Assert.Equal(TimeSpan.Zero, server.Host.Options.DrainsFor);
        var production = new ServerOptions { Profile = Profile.Production };
        Assert.Equal(TimeSpan.FromSeconds(5), production.DrainsFor);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private static Task<RunningServer> StartAsync() =>
        RunningServer.StartAsync(options => options with { Drain = Lasts });

    private static async Task<HttpResponseMessage> GetAsync(RunningServer server, string path) =>
        await server.SendAsync(HttpMethod.Get, path, await server.ApplicationTokenAsync("Presence.Read.All"));

    private static async Task<TcpClient> ConnectAsync(RunningServer server)
    {
        var address = server.Client.BaseAddress!;
        var before = server.Host.Doors.Connections;
        var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port, Cancel);
        await Eventually.IsSoAsync(() => server.Host.Doors.Connections > before);
        return client;
    }

    private static async Task<string> AskAsync(TcpClient client)
    {
        var stream = client.GetStream();
        await stream.WriteAsync("GET /health/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray(), Cancel);
        // To the end: the server closes behind its answer.
        using var reader = new StreamReader(stream, Encoding.ASCII);
        return await reader.ReadToEndAsync(Cancel);
    }

    /// <summary>Moves the clock until the drain is over.</summary>
    private static async Task EndAsync(RunningServer server, Task draining)
    {
        await Eventually.IsSoAsync(() =>
        {
            server.Clock.Advance(Look);
            return draining.IsCompleted;
        });
        await draining;
    }
}
