using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;

namespace OpenPresence.Bench.Postgres;

/// <summary>
/// Another node that follows: <c>postgres-follow CONNECTION</c>. The first bytes of an entry say when it was handed in, by the
/// clock that all processes of a machine share. When its input ends, it says how long entries took to come here.
/// </summary>
internal static class FollowProcess
{
    private const string Ready = "ready";
    private const double Median = 0.5;
    private const double Late = 0.99;

    /// <summary>An entry that is handed in now; one that does not count says no time.</summary>
    public static byte[] Payload(int bytes, bool counts)
    {
        var payload = new byte[bytes];
        BinaryPrimitives.WriteInt64LittleEndian(payload, counts ? Stopwatch.GetTimestamp() : 0);
        return payload;
    }

    /// <summary>Milliseconds that half of what <paramref name="append"/> appends takes at most, 99 of 100, and how many came.</summary>
    public static async Task<(double Median, double P99, int Count)> MeasureAsync(
        string connection,
        Func<Task> append,
        CancellationToken cancel
    )
    {
        string[] line = [typeof(FollowProcess).Assembly.Location, "postgres-follow", connection];
        using var process = Process.Start(
            new ProcessStartInfo("dotnet", line)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
            }
        )!;
        try
        {
            var said = await process.StandardOutput.ReadLineAsync(cancel);
            if (said != Ready)
            {
                throw new InvalidOperationException($"the process that follows said {said}");
            }
            await append();
            process.StandardInput.Close();
            var figures = (await process.StandardOutput.ReadToEndAsync(cancel))
                .Split(' ')
                .Select(figure => double.Parse(figure, CultureInfo.InvariantCulture))
                .ToArray();
            await process.WaitForExitAsync(cancel);
            return (figures[0], figures[1], (int)figures[2]);
        }
        finally
        {
            process.Kill();
        }
    }

    /// <summary>The process itself.</summary>
    public static async Task<int> ServeAsync(string[] args)
    {
        var delays = new List<double>();
        await using (
            await JournalOnPostgres.OpenAsync(
                args[0],
                CancellationToken.None,
                entry =>
                {
                    var at = BinaryPrimitives.ReadInt64LittleEndian(entry.Payload.Span);
                    if (at != 0)
                    {
                        delays.Add(Stopwatch.GetElapsedTime(at).TotalMilliseconds);
                    }
                }
            )
        )
        {
            Console.WriteLine(Ready);
            while (await Console.In.ReadLineAsync() is not null) { }
        }
        delays.Sort();
        Console.Write(
            string.Create(CultureInfo.InvariantCulture, $"{At(delays, Median)} {At(delays, Late)} {delays.Count}")
        );
        return 0;
    }

    private static double At(List<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[(int)(share * (sorted.Count - 1))];
}
