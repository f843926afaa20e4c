namespace OpenPresence.Server.Cli.Commands;

/// <summary>Hears what the parts log that a command uses: warnings and worse are said beside the results, a line each.</summary>
internal sealed class Warnings(Shell shell) : ILoggerFactory, ILogger
{
    /// <inheritdoc />
    public ILogger CreateLogger(string categoryName) => this;

    /// <inheritdoc />
    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    /// <inheritdoc />
    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

    /// <inheritdoc />
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    /// <inheritdoc />
    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        if (IsEnabled(logLevel))
        {
            shell.Errors.WriteLine($"warning: {formatter(state, exception)}");
        }
    }

    /// <inheritdoc />
    public void Dispose() { }
}
