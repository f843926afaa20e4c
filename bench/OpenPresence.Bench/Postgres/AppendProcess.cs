using System.Diagnostics;
using System.Globalization;
using OpenPresence.Bench.Journal;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// A program that appends to PostgreSQL, the journal or the bare inserts: <c>postgres-append journal|bare CONNECTION CALLERS</c>.
/// It appends for as many seconds as a line of its input says, and answers with appends a second, until its input ends.
/// </summary>
internal sealed class AppendProcess : IAsyncDisposable
{
    private readonly Process _process;

    private AppendProcess(Process process) => _process = process;

    public static AppendProcess Start(string target, string connection, int callers) =>
        new(
            System.Diagnostics.Process.Start(
                new ProcessStartInfo(
                    "dotnet",
                    [typeof(AppendProcess).Assembly.Location, "postgres-append", target, connection, $"{callers}"]
                )
                {
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                }
            )!
        );

    /// <summary>Appends for a while; how many a second.</summary>
    public async Task<double> RunAsync(TimeSpan duration, CancellationToken cancel)
    {
        await _process.StandardInput.WriteLineAsync(
            string.Create(CultureInfo.InvariantCulture, $"{duration.TotalSeconds}")
        );
        await _process.StandardInput.FlushAsync(cancel);
        var said = await _process.StandardOutput.ReadLineAsync(cancel);
        return said is null
            ? throw new InvalidOperationException("a process that appends has ended")
            : double.Parse(said, CultureInfo.InvariantCulture);
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        await using IAppendTarget target =
            args[0] == "bare"
                ? await BareInserts.OpenAsync(args[1], CancellationToken.None)
                : await JournalOnPostgres.OpenAsync(args[1], CancellationToken.None);
        var callers = int.Parse(args[2], CultureInfo.InvariantCulture);
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var seconds = double.Parse(line, CultureInfo.InvariantCulture);
            var rate = await Callers.RunAsync(target, callers, TimeSpan.FromSeconds(seconds));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{rate}"));
        }
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }
}
