using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Cli.Terminal;

/// <summary>
/// A bar on standard error for what takes longer than two seconds; a line now and then where that is no terminal. Drawn by hand, since a
/// server shows it too, and a server does not load the terminal library.
/// </summary>
internal sealed class ProgressLine : IDisposable
{
    /// <summary>What is done by then is not worth a bar.</summary>
    public static readonly TimeSpan After = TimeSpan.FromSeconds(2);

    /// <summary>How often a terminal is drawn to.</summary>
    public static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(200);

    /// <summary>How often a log is told.</summary>
    public static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(10);

    private const int BarChars = 30;

    private readonly Lock gate = new();
    private readonly StartProgress progress;
    private readonly Shell shell;
    private readonly long begun;
    private readonly ITimer timer;
    private bool isDrawn;
    private bool isOver;

    /// <summary>Shows it until it is disposed.</summary>
    public ProgressLine(StartProgress progress, Shell shell)
    {
        (this.progress, this.shell) = (progress, shell);
        begun = shell.Time.GetTimestamp();
        timer = shell.Time.CreateTimer(_ => Draw(), null, After, shell.IsErrorsTerminal ? DrawEvery : TellEvery);
    }

    /// <inheritdoc />
    public void Dispose()
    {
        timer.Dispose();
        lock (gate)
        {
            isOver = true;
            if (isDrawn && shell.IsErrorsTerminal)
            {
                isDrawn = false;
                shell.Errors.Write("\r\e[K");
            }
        }
    }

    private void Draw()
    {
        lock (gate)
        {
            if (isOver)
            {
                return;
            }
            isDrawn = true;
            if (shell.IsErrorsTerminal)
            {
                shell.Errors.Write($"\r{Text(hasBar: true)}\e[K");
            }
            else
            {
                shell.Errors.WriteLine($"note: {Text(hasBar: false)}");
            }
        }
    }

    private string Text(bool hasBar)
    {
        var seconds = $"{shell.Time.GetElapsedTime(begun).TotalSeconds:0} s";
        var (done, total) = progress.Place;
        if (total == 0)
        {
            return $"{progress.Doing} … {seconds}";
        }
        var share = (double)done / total;
        var full = (int)(share * BarChars);
        var bar = hasBar ? $"[{new string('#', full)}{new string('-', BarChars - full)}] " : "";
        return $"{progress.Doing} {bar}{share * 100:0} %, {done:N0} of {total:N0}, {seconds}";
    }
}
