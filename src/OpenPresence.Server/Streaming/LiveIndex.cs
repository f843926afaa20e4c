namespace OpenPresence.Server.Streaming;

/// <summary>
/// Which streams tell of what: of a person, or of every person of a tenant. Most people are told of by one stream, and
/// a
/// set of one would cost ten times the reference that stands here instead.
/// </summary>
internal sealed class LiveIndex<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, object> streams = [];

    public void Add(TKey key, LiveStream stream)
    {
        if (!streams.TryGetValue(key, out var known))
        {
            streams.Add(key, stream);
        }
        else if (known is HashSet<LiveStream> several)
        {
            several.Add(stream);
        }
        else
        {
            streams[key] = new HashSet<LiveStream> { (LiveStream)known, stream };
        }
    }

    public void Remove(TKey key, LiveStream stream)
    {
        if (!streams.TryGetValue(key, out var known))
        {
            return;
        }
        if (known is not HashSet<LiveStream> several)
        {
            streams.Remove(key);
        }
        else if (several.Remove(stream) && several.Count == 0)
        {
            streams.Remove(key);
        }
    }

    public bool Contains(TKey key) => streams.ContainsKey(key);

    /// <summary>Does something with each stream of a key.</summary>
    public void Each<TState>(TKey key, TState state, Action<LiveStream, TState> act)
    {
        if (!streams.TryGetValue(key, out var known))
        {
            return;
        }
        if (known is HashSet<LiveStream> several)
        {
            foreach (var stream in several)
            {
                act(stream, state);
            }
        }
        else
        {
            act((LiveStream)known, state);
        }
    }
}
