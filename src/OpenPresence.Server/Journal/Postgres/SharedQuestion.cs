namespace OpenPresence.Server.Journal.Postgres;

/// <summary>
/// One question at a time, for all who ask. Who asks while one is under way gets the answer of the next, which begins after
/// they asked; so a thousand requests that name what does not exist cost the database one question after the other.
/// </summary>
internal sealed class SharedQuestion<T>(Func<Task<T>> ask)
{
    private readonly Lock gate = new();
    private Task<T>? current;
    private Task<T>? next;

    /// <summary>An answer to a question that was put after this call.</summary>
    public Task<T> AskAsync()
    {
        lock (gate)
        {
            if (current is null or { IsCompleted: true })
            {
                return current = ask();
            }
            return next ??= AfterAsync(current);
        }
    }

    private async Task<T> AfterAsync(Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        Task<T> mine;
        lock (gate)
        {
            (current, next) = (mine = ask(), null);
        }
        return await mine;
    }
}
