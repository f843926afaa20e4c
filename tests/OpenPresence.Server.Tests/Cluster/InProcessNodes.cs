using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Cluster;

/// <summary>Whole servers on one database, in this process, each with a client of its own.</summary>
internal sealed class InProcessNodes : IAsyncDisposable
{
    private readonly DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("openpresence-");
    private readonly List<ServerHost> hosts = [];
    private readonly List<HttpClient> clients = [];
    private readonly HashSet<ServerHost> removed = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public IReadOnlyList<ServerHost> Hosts => hosts;

    public IReadOnlyList<HttpClient> Clients => clients;

    /// <summary>A folder of the test's.</summary>
    public string Folder(string name) =>
        System.IO.Directory.CreateDirectory(Path.Combine(folder.FullName, name)).FullName;

    /// <summary>Starts a node; its number.</summary>
    public async Task<int> StartAsync(string connection, string name, string keys = "keys")
    {
        var host = await ServerHost.StartAsync(
            new ServerOptions
            {
                HttpPort = 0,
                HttpsPort = -1,
                DataDirectory = Path.Combine(folder.FullName, name),
                KeysDirectory = Path.Combine(folder.FullName, keys),
                NodeName = name,
                Journal = connection,
            },
            TimeProvider.System,
            logging => logging.SetMinimumLevel(LogLevel.None),
            Cancel,
            heedsSignals: false
        );
        lock (hosts)
        {
            hosts.Add(host);
            clients.Add(new HttpClient { BaseAddress = host.Addresses.Http });
            return hosts.Count - 1;
        }
    }

    /// <summary>Stops one, for good, and removes its data directory.</summary>
    public async Task RemoveAsync(int number)
    {
        var host = hosts[number];
        removed.Add(host);
        await host.DisposeAsync();
        System.IO.Directory.Delete(host.Options.DataDirectory, recursive: true);
    }

    /// <summary>The demo tenant's answer to a request for tokens.</summary>
    public static async Task<(string Token, string Refresh)> TokensAsync(
        HttpClient client,
        params (string Name, string Value)[] form
    )
    {
        var fields = form.ToDictionary(one => one.Name, one => one.Value);
        fields.TryAdd("scope", "https://graph.microsoft.com/Presence.Read.All offline_access");
        fields["client_id"] = RunningServer.DemoPublicClient;
        using var content = new FormUrlEncodedContent(fields);
        using var answer = await client.PostAsync(
            new Uri($"/{RunningServer.DemoTenant}/oauth2/v2.0/token", UriKind.Relative),
            content,
            Cancel
        );
        var text = await answer.Content.ReadAsStringAsync(Cancel);
        Assert.True(answer.IsSuccessStatusCode, text);
        using var json = JsonDocument.Parse(text);
        return (
            json.RootElement.GetProperty("access_token").GetString()!,
            json.RootElement.GetProperty("refresh_token").GetString()!
        );
    }

    public static async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        HttpMethod method,
        string path,
        string token,
        HttpContent? content = null
    )
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await client.SendAsync(request, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        foreach (var host in hosts.Where(host => !removed.Contains(host)))
        {
            await host.DisposeAsync();
        }
        folder.Delete(recursive: true);
    }
}
