using System.Runtime.InteropServices;
using OpenPresence.Server.Connections;

namespace OpenPresence.Server.Hosting;

/// <summary>
/// Ends a served process when a signal asks for it: by draining first, and at once when it asks again.
/// </summary>
internal sealed class SignalLifetime(
    Draining draining,
    Action endStreams,
    IHostApplicationLifetime application,
    ILogger log
) : IHostLifetime, IDisposable
{
    private readonly CancellationTokenSource impatient = new();
    private PosixSignalRegistration[] signals = [];
    private int asked;

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        signals =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, Heed),
            PosixSignalRegistration.Create(PosixSignal.SIGQUIT, Heed),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, Heed),
        ];
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        Array.ForEach(signals, signal => signal.Dispose());
        impatient.Dispose();
    }

    private void Heed(PosixSignalContext signal)
    {
        signal.Cancel = true; // the process ends when the server has
        if (Interlocked.Increment(ref asked) == 1)
        {
            _ = DrainAsync();
        }
        else
        {
            impatient.Cancel();
        }
    }

    private async Task DrainAsync()
    {
        try
        {
            await draining.RunAsync(endStreams, impatient.Token);
        }
        catch (OperationCanceledException)
        {
            log.LogWarning("Asked to stop again: stops at once.");
        }
        finally
        {
            application.StopApplication();
        }
    }
}
