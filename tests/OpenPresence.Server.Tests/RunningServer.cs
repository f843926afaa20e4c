using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Tests.Issuer;
using OpenPresence.Server.Webhooks.Delivery;

namespace OpenPresence.Server.Tests;

/// <summary>
/// A whole server on a free loopback port, with the demo tenant, a clock that the test moves and a data
/// directory that goes away with it. Tokens are signed with its own key, so a test need not sign in.
/// </summary>
public sealed class RunningServer : IAsyncDisposable
{
    public const string DemoTenant = "aaaabbbb-0000-cccc-1111-dddd2222eeee";
    public const string DemoApplication = "00001111-aaaa-2222-bbbb-3333cccc4444";
    public const string DemoPublicClient = "11112222-bbbb-3333-cccc-4444dddd5555";

    /// <summary>Busy/InAMeeting, as in the documentation's examples.</summary>
    public const string Someone = "fa8bf3dc-eca7-46b7-bad1-db199b62afc3";

    private readonly string directory;
    private ServerHost host;
    private bool isRunning = true;

    private RunningServer(ServerHost host, ManualClock clock, string directory, LogLines log)
    {
        (this.host, this.directory, Clock, Log) = (host, directory, clock, log);
        Client = new HttpClient { BaseAddress = host.Addresses.Http };
    }

    public ManualClock Clock { get; }

    public HttpClient Client { get; private set; }

    public LogLines Log { get; }

    /// <summary>Where the journal's files are.</summary>
    public string JournalDirectory => Path.Combine(directory, DataFolders.Journal);

    internal ServerHost Host => host;

    public Node Node => host.Node;

    public Dispatcher Delivery => host.Delivery;

    internal OpenPresence.Server.Graph.GraphServer Graph => host.Graph;

    internal OpenPresence.Server.DevTools.TestTools Tools => host.Tools!;

    internal OpenPresence.Server.Streaming.LiveFanOut Live => host.Live;

    /// <summary>Starts a server; the settings and the time may be changed from the test's defaults.</summary>
    public static async Task<RunningServer> StartAsync(
        Func<ServerOptions, ServerOptions>? configure = null,
        ManualClock? at = null
    )
    {
        var folder = System.IO.Directory.CreateTempSubdirectory("openpresence-").FullName;
        var options = new ServerOptions
        {
            HttpPort = 0,
            HttpsPort = -1,
            DataDirectory = folder,
        };
        var clock = at ?? new ManualClock();
        var log = new LogLines();
        SharedKeys.CopyInto(Path.Combine(folder, DataFolders.Keys));
        var started = await StartAsync(configure?.Invoke(options) ?? options, clock, log);
        return new RunningServer(started, clock, folder, log);
    }

    /// <summary>Stops the server and leaves its data for <see cref="StartAgainAsync"/>.</summary>
    public async Task StopAsync()
    {
        if (isRunning)
        {
            isRunning = false;
            Client.Dispose();
            await host.DisposeAsync();
        }
    }

    /// <summary>Starts a server that was stopped, on the same data.</summary>
    public async Task StartAgainAsync(Func<ServerOptions, ServerOptions>? configure = null)
    {
        host = await StartAsync(configure?.Invoke(host.Options) ?? host.Options, Clock, Log);
        Client = new HttpClient { BaseAddress = host.Addresses.Http };
        isRunning = true;
    }

    /// <summary>Moves the clock, and has the node cross what is due.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        Clock.Advance(by);
        await Node.TickIfDueAsync();
    }

    /// <summary>A token of the demo application with these application permissions.</summary>
    public Task<string> ApplicationTokenAsync(params string[] roles) =>
        ApplicationTokenAsync(Guid.Parse(DemoApplication), roles);

    /// <summary>A token of an application with these application permissions.</summary>
    public Task<string> ApplicationTokenAsync(Guid applicationId, string[] roles) =>
        TokenAsync(
            new()
            {
                ["appid"] = applicationId.ToString(),
                ["oid"] = "99999999-0000-0000-0000-000000000001",
                ["idtyp"] = "app",
                ["roles"] = roles,
            }
        );

    /// <summary>A token of a person through the demo's public client with these scopes.</summary>
    public Task<string> PersonTokenAsync(string personId, params string[] scopes) =>
        TokenAsync(
            new()
            {
                ["appid"] = DemoPublicClient,
                ["oid"] = personId,
                ["idtyp"] = "user",
                ["scp"] = string.Join(' ', scopes),
            }
        );

    /// <summary>Sends one request with a token, or without when it is null.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string? token,
        HttpContent? content = null
    )
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        return Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        System.IO.Directory.Delete(directory, recursive: true);
    }

    private static Task<ServerHost> StartAsync(ServerOptions options, ManualClock clock, LogLines log) =>
        ServerHost.StartAsync(
            options,
            clock,
            logging => logging.SetMinimumLevel(LogLevel.Debug).AddProvider(log),
            TestContext.Current.CancellationToken
        );

    private async Task<string> TokenAsync(Dictionary<string, object> claims)
    {
        var key = await host.SigningKeys!.CurrentAsync(TestContext.Current.CancellationToken);
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        claims["aud"] = "https://graph.microsoft.com";
        claims["iss"] = $"https://sts.windows.net/{DemoTenant}/";
        claims["tid"] = DemoTenant;
        claims["ver"] = "1.0";
        claims["nbf"] = now;
        claims["exp"] = now + (long)TimeSpan.FromDays(30).TotalSeconds;
        var head = Encode(
            new()
            {
                ["alg"] = "RS256",
                ["typ"] = "JWT",
                ["kid"] = key.KeyId,
            }
        );
        var signed = $"{head}.{Encode(claims)}";
        var signature = key.Sign(System.Text.Encoding.ASCII.GetBytes(signed));
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }

    private static string Encode(Dictionary<string, object> json) =>
        Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(json));
}
