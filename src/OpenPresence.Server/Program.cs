using OpenPresence.Server;
using OpenPresence.Server.Cli;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Journal;

return await CommandLine.RunAsync(args, ServeAsync, Shell.OfProcess());

static async Task<int> ServeAsync(ServerOptions options, CancellationToken cancel)
{
    try
    {
        await using var host = await ServerHost.StartAsync(
            options,
            TimeProvider.System,
            ServeLogging.As(options.LogFormat),
            cancel
        );
        if (options.LogFormat == LogFormat.Text)
        {
            Console.Out.WriteLine(host.Hints);
        }
        else
        {
            host.LogReady();
        }
        await host.WaitAsync(cancel);
        return ExitCode.Done;
    }
    catch (Exception refused)
        when (refused
                is StartRefusedException
                    or JournalRefusedException
                    or IOException
                    or InvalidDataException
        )
    {
        Console.Error.WriteLine($"error: {refused.Message}");
        return ExitCode.BadInput;
    }
}
