using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using OpenPresence.Server.Tests;
using Xunit.v3;

[assembly: EndHungTests]

namespace OpenPresence.Server.Tests;

/// <summary>
/// Ends a test that hangs: names it and cancels its token, so that it fails where it waits, with the stack of that place.
/// One that does not heed its token is named again after a while, the whole process is written into a dump, and ends.
/// </summary>
/// <remarks>The limit is there for what hangs; the slowest test takes less than a tenth of it on a slow machine.</remarks>
[AttributeUsage(AttributeTargets.Assembly)]
public sealed class EndHungTestsAttribute : BeforeAfterTestAttribute
{
    private static readonly ConcurrentDictionary<string, HungTest> Running = new(StringComparer.Ordinal);

    /// <inheritdoc />
    public override void Before(MethodInfo methodUnderTest, IXunitTest test)
    {
        var context = TestContext.Current;
        Running[test.UniqueID] = new HungTest(
            test.TestDisplayName,
            context.CancelCurrentTest,
            HungTest.EndProcess,
            TimeProvider.System
        );
    }

    /// <inheritdoc />
    public override void After(MethodInfo methodUnderTest, IXunitTest test)
    {
        if (Running.TryRemove(test.UniqueID, out var watched))
        {
            watched.Dispose();
        }
    }
}

/// <summary>The limit of one test that runs.</summary>
internal sealed class HungTest : IDisposable
{
    /// <summary>How long a test may take.</summary>
    public static readonly TimeSpan Limit = Environment.GetEnvironmentVariable("SOAK") is null
        ? TimeSpan.FromMinutes(10)
        : TimeSpan.FromHours(2);

    /// <summary>How long it may take from then on to end by itself.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(2);

    private readonly string name;
    private readonly Action cancel;
    private readonly Action<string> end;
    private readonly ITimer timer;
    private bool isCancelled;

    /// <param name="name">What the test is called.</param>
    /// <param name="cancel">Cancels its token.</param>
    /// <param name="end">Ends all, told why.</param>
    /// <param name="time">What the limits are measured by.</param>
    public HungTest(string name, Action cancel, Action<string> end, TimeProvider time)
    {
        (this.name, this.cancel, this.end) = (name, cancel, end);
        timer = time.CreateTimer(_ => Pass(), null, Limit, Timeout.InfiniteTimeSpan);
    }

    /// <summary>It has ended in time.</summary>
    public void Dispose() => timer.Dispose();

    /// <summary>Writes the process into a file of the temporary directory, says so, and ends it.</summary>
    public static void EndProcess(string why)
    {
        var file = Path.Combine(Path.GetTempPath(), $"openpresence-tests-{Environment.ProcessId}.dmp");
        var program = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "createdump");
        if (File.Exists(program))
        {
            using var dump = Process.Start(program, ["--normal", "--name", file, $"{Environment.ProcessId}"]);
            dump.WaitForExit(Grace);
            why += $" What it waited for is in {file} (dotnet-dump analyze, then dumpasync).";
        }
        Console.Error.WriteLine(why);
        Environment.Exit(1);
    }

    private void Pass()
    {
        if (isCancelled)
        {
            end($"HUNG: {name} does not heed its token.");
            return;
        }
        isCancelled = true;
        Console.Error.WriteLine($"HUNG: {name} runs for {Limit}; its token is cancelled.");
        cancel();
        timer.Change(Grace, Timeout.InfiniteTimeSpan);
    }
}
