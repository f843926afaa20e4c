namespace OpenPresence.Server.Graph;

/// <summary>A step around the rest of a request; <paramref name="goOn"/> is the rest.</summary>
public delegate Task RequestStep(GraphCall call, Func<Task> goOn);

/// <summary>
/// Where the tools of a developer attach to requests. The pipeline owns these hooks, so that it knows nothing of the tools; a
/// server without tools pays a look at a null for each.
/// </summary>
public sealed record RequestHooks
{
    /// <summary>Goes around the whole request; null: nothing does.</summary>
    public RequestStep? Around { get; init; }

    /// <summary>
    /// Asked once a request is known to be allowed, before it is counted: the step that takes it over, or null to let it go on.
    /// </summary>
    public Func<GraphCall, RequestStep?>? TakeOver { get; init; }
}
