namespace OpenPresence.Server.Connections;

/// <summary>
/// How a server leaves without a client noticing, in three steps: it says at /health/ready that it will, and answers
/// on, for as long as balancers may need to turn away; then its doors close, and it waits for those who are in; then it
/// stops. Answers of the first two steps end their connection, so that nobody's next request meets the third.
///
/// The tempting short way, to stop at the signal, fails whatever is on its way at that moment.
/// </summary>
/// <param name="lasts">The first step; zero: there are no steps.</param>
/// <param name="time">The clock that it is measured by.</param>
public sealed class Draining(TimeSpan lasts, TimeProvider time)
{
    /// <summary>What /health/ready says of it.</summary>
    public const string Sentence = "The server is stopping.";

    /// <summary>
    /// How long the second step may take: by then whoever is still connected is idle, or watches a stream and was told.
    /// </summary>
    public static readonly TimeSpan LeaveWithin = TimeSpan.FromSeconds(2);

    /// <summary>Between two looks whether every client has left.</summary>
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(20);

    private int isOn;

    /// <summary>Whether it has begun.</summary>
    public bool IsOn => Volatile.Read(ref isOn) != 0;

    /// <summary>Where connections come in.</summary>
    public Doors Doors { get; } = new();

    /// <summary>Ends the connection with its answer, while the server is about to leave.</summary>
    public void Mark(HttpContext http)
    {
        if (IsOn && HttpProtocol.IsHttp11(http.Request.Protocol))
        {
            http.Response.Headers.Connection = "close";
        }
    }

    /// <summary>Takes the first two steps; the caller stops the server then.</summary>
    /// <param name="endStreams">Tells those who would stay for ever that it is over.</param>
    /// <param name="cancel">The caller has no more patience.</param>
    public async Task RunAsync(Action endStreams, CancellationToken cancel)
    {
        Volatile.Write(ref isOn, 1);
        if (lasts == TimeSpan.Zero)
        {
            return;
        }
        await Task.Delay(lasts, time, cancel);
        Doors.Close();
        endStreams();
        var begun = time.GetTimestamp();
        // Twice in a row: one may be between the system's queue and the count.
        for (var empty = 0; empty < 2 && time.GetElapsedTime(begun) < LeaveWithin; )
        {
            empty = Doors.IsEmpty ? empty + 1 : 0;
            await Task.Delay(LookEvery, time, cancel);
        }
    }
}
