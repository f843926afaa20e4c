using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Peers;

/// <summary>nginx with one worker that gives out a file of the same size: what a server can do that looks nothing up.</summary>
internal static class NginxPeer
{
    /// <summary>Starts it with files of these sizes, in bytes, each called after its size.</summary>
    public static async Task<LoadedProcess> StartAsync(
        string folder,
        IReadOnlyList<int> sizes,
        CancellationToken cancel
    )
    {
        foreach (var size in sizes)
        {
            var content = new byte[size];
            content.AsSpan().Fill((byte)'x');
            await File.WriteAllBytesAsync(Path.Combine(folder, $"{size}"), content, cancel);
        }
        var configuration = Path.Combine(folder, "nginx.conf");
        return await LoadedProcess.StartAsync(
            ports =>
            {
                File.WriteAllText(
                    configuration,
                    $$"""
                    daemon off;
                    master_process off;
                    pid {{folder}}/nginx.pid;
                    error_log stderr;
                    events { worker_connections 1024; }
                    http {
                      access_log off;
                      sendfile on;
                      keepalive_requests 1000000000;
                      client_body_temp_path {{folder}}/body;
                      proxy_temp_path {{folder}}/proxy;
                      fastcgi_temp_path {{folder}}/fastcgi;
                      uwsgi_temp_path {{folder}}/uwsgi;
                      scgi_temp_path {{folder}}/scgi;
                      server {
                        listen 127.0.0.1:{{ports.Http}};
                        root {{folder}};
                        open_file_cache max=10;
                        default_type application/json;
                      }
                    }
                    """
                );
                return ["nginx", "-c", configuration, "-e", "stderr"];
            },
            nginx => nginx.ListensAsync(cancel),
            cancel
        );
    }
}
