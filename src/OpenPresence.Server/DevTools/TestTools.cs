using OpenPresence.Server.Graph;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// What watches and disturbs a server for a test, and how it attaches: through hooks that the disturbed parts own.
/// </summary>
internal sealed class TestTools
{
    private TestTools(ServerOptions options, TimeProvider time)
    {
        Faults = new FaultTable(time);
        Requests = options.RequestsKept > 0 ? new RequestLog(options.RequestsKept, time) : null;
        Hooks = new RequestHooks { Around = Requests is { } log ? log.NoteAsync : null, TakeOver = Faults.Take };
    }

    /// <summary>Faults of requests.</summary>
    public FaultTable Faults { get; }

    /// <summary>Faults of notifications.</summary>
    public WebhookFaults WebhookFaults { get; } = new();

    /// <summary>The last requests; null: the settings keep none.</summary>
    public RequestLog? Requests { get; }

    /// <summary>Attaches the faults and the log to requests.</summary>
    public RequestHooks Hooks { get; }

    /// <summary>The tools of a server with a control API; null: there is none.</summary>
    public static TestTools? Of(ServerOptions options, TimeProvider time) =>
        options.HasControl ? new(options, time) : null;

    /// <summary>Takes all faults away and forgets the requests.</summary>
    public void Clear()
    {
        Faults.Clear();
        WebhookFaults.Clear();
        Requests?.Clear();
    }
}
