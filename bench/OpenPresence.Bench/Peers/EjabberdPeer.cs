using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Peers;

/// <summary>
/// ejabberd with a few users who are online and do not want to be disturbed; asked for one presence through its HTTP API.
/// It has no call for many. One Erlang node without a name, so that nothing but its own process is started.
/// </summary>
internal sealed class EjabberdPeer : IAsyncDisposable
{
    public const int Users = 5;
    private const string Domain = "localhost";
    private const string Password = "bench";
    private const string Libraries = "/usr/lib";

    private readonly List<XmppClient> online = [];

    private EjabberdPeer(LoadedProcess process) => Process = process;

    public LoadedProcess Process { get; }

    public static async Task<EjabberdPeer> StartAsync(string folder, CancellationToken cancel)
    {
        var process = await LoadedProcess.StartAsync(
            ports => Command(folder, ports),
            ejabberd => ejabberd.ListensAsync(cancel),
            cancel
        );
        var peer = new EjabberdPeer(process);
        try
        {
            await peer.BringOnlineAsync(folder, cancel);
            return peer;
        }
        catch (Exception)
        {
            await peer.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in online)
        {
            client.Dispose();
        }
        await Process.DisposeAsync();
    }

    private static IEnumerable<string> Command(string folder, LoadedProcess.Ports ports)
    {
        // The second port is that of the users; nobody encrypts there.
        File.WriteAllText(Path.Combine(folder, "xmpp-port"), $"{ports.Https}");
        File.WriteAllText(
            Path.Combine(folder, "ejabberd.yml"),
            $$"""
            hosts: [{{Domain}}]
            loglevel: error
            auth_method: internal
            listen:
              - {port: {{ports.Https}}, ip: "127.0.0.1", module: ejabberd_c2s, starttls: false}
              - port: {{ports.Http}}
                ip: "127.0.0.1"
                module: ejabberd_http
                request_handlers: {/api: mod_http_api}
            acl:
              loopback: {ip: [127.0.0.0/8]}
            access_rules:
              c2s: {allow: all}
            api_permissions:
              bench:
                from: [mod_http_api]
                who:
                  access:
                    allow: {acl: loopback}
                what: "*"
            modules:
              mod_admin_extra: {}
              mod_http_api: {}
              mod_roster: {}
            """
        );
        return
        [
            "env",
            $"EJABBERD_CONFIG_PATH={folder}/ejabberd.yml",
            $"EJABBERD_LOG_PATH={folder}/ejabberd.log",
            $"ERL_LIBS={LibraryFolder()}",
            "erl",
            "-noinput",
            "-mnesia",
            "dir",
            $"\"{folder}/db\"",
            "-s",
            "ejabberd",
        ];
    }

    /// <summary>Debian keeps it under the name of the processor's kind.</summary>
    private static string LibraryFolder() =>
        Directory
            .GetDirectories(Libraries, "*-linux-gnu")
            .First(folder => Directory.GetDirectories(folder, "ejabberd-*").Length > 0);

    private async Task BringOnlineAsync(string folder, CancellationToken cancel)
    {
        var port = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "xmpp-port"), cancel));
        using var http = new HttpClient { BaseAddress = Process.Address };
        var bodies = new List<string>();
        for (var i = 0; i < Users; i++)
        {
            var user = $"user{i}";
            using var registered = await PostAsync(
                http,
                "/api/register",
                $$"""{"user":"{{user}}","host":"{{Domain}}","password":"{{Password}}"}""",
                cancel
            );
            registered.EnsureSuccessStatusCode();
            online.Add(await XmppClient.ShowAsync(port, Domain, user, Password, "dnd", cancel));
            bodies.Add($$"""{"user":"{{user}}","host":"{{Domain}}"}""");
            using var shown = await PostAsync(http, "/api/get_presence", bodies[^1], cancel);
            var text = await shown.Content.ReadAsStringAsync(cancel);
            if (!text.Contains("\"dnd\"", StringComparison.Ordinal))
            {
                throw new InvalidOperationException($"{user} is not shown as dnd: {text}");
            }
        }
        await File.WriteAllLinesAsync(Path.Combine(folder, "bodies"), bodies, cancel);
    }

    // Not as chunks, which it does not read.
    private static Task<HttpResponseMessage> PostAsync(
        HttpClient http,
        string path,
        string json,
        CancellationToken cancel
    ) => http.PostAsync(path, new StringContent(json, null, "application/json"), cancel);
}
