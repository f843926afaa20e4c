using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Curves;

/// <summary>The two that a curve compares, started alike, and what is sent to both.</summary>
public sealed class ServerAndCeiling : IAsyncDisposable
{
    private ServerAndCeiling(LoadedProcess server, LoadedProcess ceiling, string requests, int rounds) =>
        (Server, Ceiling, Requests, Rounds) = (server, ceiling, requests, rounds);

    /// <summary>Rounds of a point.</summary>
    public int Rounds { get; }

    public LoadedProcess Server { get; }

    public LoadedProcess Ceiling { get; }

    /// <summary>The folder of <see cref="ReadRequests"/>.</summary>
    public string Requests { get; }

    public static async Task<ServerAndCeiling> StartAsync(
        BenchOptions options,
        string data,
        string requests,
        int people,
        CancellationToken cancel,
        string? processors = null,
        bool isSecure = false
    )
    {
        var server = await LoadedProcess.StartServerAsync(options, data, cancel, processors, isSecure);
        try
        {
            await ReadRequests.PrepareAsync(server, requests, people, cancel);
            var ceiling = await LoadedProcess.StartCeilingAsync(requests, cancel, processors, isSecure ? data : null);
            return new(server, ceiling, requests, options.RoundsWithoutBar);
        }
        catch (Exception)
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public Wrk Single(int connections) => new("single.lua", Requests, connections);

    public Wrk Bulk(int connections) => new("bulk.lua", Requests, connections);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Ceiling.DisposeAsync();
    }
}
