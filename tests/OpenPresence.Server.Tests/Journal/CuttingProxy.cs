using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace OpenPresence.Server.Tests.Journal;

/// <summary>
/// Stands between a node and its database, and can lose what the database answers: the connection breaks when the first
/// answer comes, and no new one is let through until it is healed.
/// </summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _lost = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _accepting;
    private IPEndPoint? _target;
    private volatile bool _loses;

    public CuttingProxy()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Ends when an answer was lost.</summary>
    public Task Lost => _lost.Task.WaitAsync(JournalSteps.WaitMax);

    /// <summary>The connection string of the way through the proxy.</summary>
    public string Before(string connection)
    {
        var text = new NpgsqlConnectionStringBuilder(connection);
        _target = new IPEndPoint(IPAddress.Parse(text.Host!), text.Port);
        (text.Host, text.Port) = ("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
        return text.ConnectionString;
    }

    public void LoseAnswers() => _loses = true;

    public void Heal() => _loses = false;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var client = await _listener.AcceptTcpClientAsync(_stop.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var near = client;
        using var far = new TcpClient();
        if (_loses)
        {
            return;
        }

        try
        {
            await far.ConnectAsync(_target!, _stop.Token);
            await Task.WhenAny(
                near.GetStream().CopyToAsync(far.GetStream(), _stop.Token),
                AnswerAsync(far.GetStream(), near.GetStream())
            );
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One side went away: so does the other.
        }
    }

    private async Task AnswerAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 << 10];
        for (int read; (read = await from.ReadAsync(buffer, _stop.Token)) > 0; )
        {
            if (_loses)
            {
                _lost.TrySetResult();
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _stop.Token);
        }
    }
}
