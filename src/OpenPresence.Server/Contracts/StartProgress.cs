namespace OpenPresence.Server.Contracts;

/// <summary>
/// How far something is that may take long, for whoever waits for it. The one who works says once what it does and how
/// its place is read; the one who waits looks when they like, so the work costs nothing for being watched.
/// </summary>
public sealed class StartProgress
{
    private sealed record Step(string Doing, Func<long> Done, long Total);

    private Step step = new("starting", () => 0, 0);

    /// <summary>What is being done.</summary>
    public string Doing => Volatile.Read(ref step).Doing;

    /// <summary>How much of it is done, and how much there is; 0: nobody knows.</summary>
    public (long Done, long Total) Place
    {
        get
        {
            var now = Volatile.Read(ref step);
            return (Math.Min(now.Done(), now.Total), now.Total);
        }
    }

    /// <summary>Says what is done from now on.</summary>
    /// <param name="doing">In a few words.</param>
    /// <param name="done">How much is done; asked from another thread.</param>
    /// <param name="total">How much there is.</param>
    public void Begin(string doing, Func<long> done, long total) =>
        Volatile.Write(ref step, new Step(doing, done, total));
}
