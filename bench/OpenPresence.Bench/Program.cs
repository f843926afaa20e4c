using OpenPresence.Bench;
using OpenPresence.Bench.Board;
using OpenPresence.Bench.Load;
using OpenPresence.Bench.Postgres;

// bench [SUITE…] [--server DLL] [--people N] [--rounds N] [--out DIR]; docs/performance.md says what the figures mean.
// bench ceiling --port N --answers DIR is the process that the harness measures against.
// bench inner [BenchmarkDotNet's arguments] runs the inner loops in process.
switch (args)
{
    case ["ceiling", .. var rest]:
        await Ceiling.RunAsync(rest);
        return 0;
    case ["state-process", .. var rest]:
        return StateProcess.Run(rest);
    case ["postgres-append", .. var rest]:
        return await AppendProcess.ServeAsync(rest);
    case ["postgres-follow", .. var rest]:
        return await FollowProcess.ServeAsync(rest);
    case ["inner", .. var rest]:
        return InnerLoops.Run(rest);
    default:
        return await BenchRun.RunAsync(args);
}
