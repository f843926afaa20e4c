namespace OpenPresence.Server.Tests;

/// <summary>
/// One server for a class whose tests change nothing that another one of them looks at. A start is the costliest part of a
/// short test.
/// </summary>
public sealed class SharedServer : IAsyncLifetime
{
    public RunningServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await RunningServer.StartAsync();

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
