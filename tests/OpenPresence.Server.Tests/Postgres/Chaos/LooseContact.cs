namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>A cable that is there and not there by turns, so that everything comes late and much comes twice.</summary>
internal sealed class LooseContact : IAsyncDisposable
{
    private readonly CancellationTokenSource ended = new();
    private readonly Task turning;

    public LooseContact(Func<bool, Task> turn, TimeSpan every) => turning = Task.Run(() => TurnAsync(turn, every));

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await turning;
        ended.Dispose();
    }

    private async Task TurnAsync(Func<bool, Task> turn, TimeSpan every)
    {
        var isOn = true;
        while (!ended.IsCancellationRequested)
        {
            isOn = !isOn;
            await turn(isOn);
            await Task.Delay(every, ended.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
