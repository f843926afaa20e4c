using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace OpenPresence.Bench;

/// <summary>The inner loops, by BenchmarkDotNet, in this process: its own builds want the project file.</summary>
public static class InnerLoops
{
    public static int Run(string[] args)
    {
        var config = DefaultConfig
            .Instance.AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
            .WithArtifactsPath(Path.GetFullPath("artifacts/bench-inner"));
        BenchmarkSwitcher.FromAssembly(typeof(InnerLoops).Assembly).Run(args, config);
        return 0;
    }
}
