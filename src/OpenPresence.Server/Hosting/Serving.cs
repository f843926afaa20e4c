using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Hosting;

/// <summary>
/// Serves until it is told to stop; and begins anew by itself, in the same process and on the same ports, when what this
/// node applied is not what the journal holds: the database was replaced by one that had not got everything, a backup was put
/// back, or this node was away for so long that its next entries were trimmed. Nothing is wrong then that loading the
/// state again would not put right; what is wrong otherwise, a person has to look at.
///
/// The tempting alternative, to put the state right while requests read it, has to undo what was applied, which nothing
/// here can.
/// </summary>
public static class Serving
{
    /// <summary>After a start anew that failed, how long until the next one; doubles with each.</summary>
    public static readonly TimeSpan RetryFirst = TimeSpan.FromSeconds(1);

    /// <summary>The longest time between two of them.</summary>
    public static readonly TimeSpan RetryMax = TimeSpan.FromSeconds(15);

    /// <summary>Serves; ends when a signal came, throws when it could go on no longer.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="start">
    /// Starts a server with settings, and with the position up to which what was told before may mean something else now.
    /// </param>
    /// <param name="ready">Told of the first one, once it answers.</param>
    /// <param name="time">For the time between two tries.</param>
    /// <param name="cancel">Stops.</param>
    /// <exception cref="NodeStoppedException">The node cannot go on; the operator has to find out why.</exception>
    public static async Task RunAsync(
        ServerOptions options,
        Func<ServerOptions, long, Task<ServerHost>> start,
        Action<ServerHost> ready,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        var strange = 0L;
        var host = await start(options, strange);
        ready(host);
        while (await ServeAsync(host, cancel) is { } again)
        {
            strange = Math.Max(strange, again.StrangeThrough);
            host = await StartAgainAsync(() => start(again.Options, strange), time, cancel);
        }
    }

    /// <summary>Whether the node stopped for a reason that a start anew puts right.</summary>
    public static bool IsPutRightByStart(NodeStoppedException stopped) =>
        stopped.InnerException
            is JournalRefusedException { Refusal: JournalRefusal.Diverged or JournalRefusal.EntriesMissing };

    /// <summary>Null when it is over; otherwise with what to start anew.</summary>
    private static async Task<(ServerOptions Options, long StrangeThrough)?> ServeAsync(
        ServerHost host,
        CancellationToken cancel
    )
    {
        await using (host)
        {
            try
            {
                await host.WaitAsync(cancel);
                return null;
            }
            catch (NodeStoppedException stopped) when (host.Options.Journal is not null && IsPutRightByStart(stopped))
            {
                host.Graph.Log.LogWarning(
                    "The state is loaded anew, and nobody is answered meanwhile: {Why}",
                    stopped.InnerException!.Message
                );
                return (OnTheSamePorts(host), StrangeThrough(host, stopped));
            }
        }
    }

    private static async Task<ServerHost> StartAgainAsync(
        Func<Task<ServerHost>> start,
        TimeProvider time,
        CancellationToken cancel
    )
    {
        for (var wait = RetryFirst; ; wait = wait * 2 < RetryMax ? wait * 2 : RetryMax)
        {
            try
            {
                var host = await start();
                host.LogReady();
                return host;
            }
            catch (Exception passing)
                when (passing is JournalUnavailableException or IOException
                    || (
                        passing is JournalRefusedException
                        {
                            Refusal: JournalRefusal.Diverged or JournalRefusal.EntriesMissing
                        }
                    )
                )
            {
                // The first host's log is gone with it.
                Console.Error.WriteLine($"error: {passing.Message}; the next try is in {wait}.");
                await Task.Delay(wait, time, cancel);
            }
        }
    }

    /// <summary>Where others stand now than this node told of; what was only trimmed, is as it was.</summary>
    private static long StrangeThrough(ServerHost host, NodeStoppedException stopped) =>
        stopped.InnerException is JournalRefusedException { Refusal: JournalRefusal.Diverged }
            ? host.Node.State.Position
            : 0;

    /// <summary>A balancer knows this node by its ports.</summary>
    private static ServerOptions OnTheSamePorts(ServerHost host) =>
        host.Options with
        {
            HttpPort = host.Addresses.Http?.Port ?? host.Options.HttpPort,
            HttpsPort = host.Addresses.Https?.Port ?? host.Options.HttpsPort,
        };
}
