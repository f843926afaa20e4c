using OpenPresence.Server.Cli;
using OpenPresence.Server.Cli.Commands;
using OpenPresence.Server.Cli.Terminal;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Settings;

var shell = Shell.OfProcess();
return await CommandLine.RunAsync(args, ServeAsync, shell);

async Task<int> ServeAsync(ServerOptions options, CancellationToken cancel)
{
    var progress = new StartProgress();
    // Whoever wants the log as JSON wants nothing else beside it.
    using var line = options.LogFormat == LogFormat.Text ? new ProgressLine(progress, shell) : null;
    try
    {
        await Serving.RunAsync(
            options,
            (chosen, strangeThrough) =>
                ServerHost.StartAsync(
                    chosen,
                    TimeProvider.System,
                    ServeLogging.As(options.LogFormat),
                    cancel,
                    progress: progress,
                    strangeThrough: strangeThrough
                ),
            ready: host =>
            {
                line?.Dispose();
                if (options.LogFormat == LogFormat.Text)
                {
                    Console.Out.WriteLine(host.Hints);
                }
                else
                {
                    host.LogReady();
                }
            },
            TimeProvider.System,
            cancel
        );
        return ExitCode.Done;
    }
    catch (Exception refused)
        when (refused
                is StartRefusedException
                    or JournalRefusedException
                    or JournalUnavailableException
                    or IOException
                    or InvalidDataException
        )
    {
        Console.Error.WriteLine($"error: {refused.Message}");
        return ExitCode.BadInput;
    }
}
