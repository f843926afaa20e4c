using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>Keeps what was logged, to look for what must never be.</summary>
public sealed class CapturedLog : ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    ) => _lines.Enqueue($"{logLevel}: {formatter(state, exception)} {exception}");
}
