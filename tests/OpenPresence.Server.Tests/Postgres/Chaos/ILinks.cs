namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// What lies between each node and PostgreSQL, and can be cut, slowed and healed: networks of their own where the tests may
/// make them, otherwise a proxy.
/// </summary>
internal interface ILinks : IAsyncDisposable
{
    /// <summary>In front of PostgreSQL's command line.</summary>
    IReadOnlyList<string> Within { get; }

    /// <summary>Opens the way from each node to these ports of PostgreSQL.</summary>
    Task OpenAsync(int nodes, IReadOnlyList<int> ports);

    /// <summary>Where a node finds PostgreSQL's ports, in their order: <c>host:port</c>.</summary>
    IEnumerable<string> Endpoints(int node);

    /// <summary>From now on nothing comes through, and nobody is told.</summary>
    Task CutAsync(int node);

    /// <summary>Whether a slow way is later by as much as was said; where not, much is lost on it and comes again.</summary>
    bool CanDelay { get; }

    /// <summary>From now on everything takes longer, to there and back.</summary>
    Task SlowAsync(int node, TimeSpan by);

    /// <summary>As at the beginning.</summary>
    Task HealAsync(int node);
}
