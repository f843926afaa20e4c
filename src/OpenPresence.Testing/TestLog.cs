using Microsoft.Extensions.Logging;

namespace OpenPresence.Testing;

/// <summary>Hands what the server logs to the test, line by line.</summary>
internal sealed class TestLog(Action<string> told) : ILoggerProvider
{
    /// <summary>Nothing is logged unless the test listens.</summary>
    public static void Configure(ILoggingBuilder logging, Action<string>? told)
    {
        if (told is null)
        {
            logging.SetMinimumLevel(LogLevel.None);
            return;
        }
        logging.SetMinimumLevel(LogLevel.Information);
        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddProvider(new TestLog(told));
    }

    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => new Lines(told);

    /// <inheritdoc />
    public void Dispose() { }

    private sealed class Lines(Action<string> told) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => told($"{logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" {exception}")}");
    }
}
