using System.Globalization;
using Npgsql;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>What is true of both kinds of links, so that it does not matter which of them a test has.</summary>
public abstract class LinksContract
{
    private const int Cut = 0;
    private const int Whole = 1;
    private const int Questions = 10;
    private static readonly TimeSpan By = TimeSpan.FromMilliseconds(300);

    /// <summary>Timers go by a coarser clock than that of the measurement, and may end so much sooner.</summary>
    private static readonly TimeSpan TimerGrain = TimeSpan.FromMilliseconds(20);

    [Fact]
    public async Task A_way_that_is_cut_is_silent_and_goes_on_when_it_is_healed()
    {
        await using var ways = await OpenAsync();
        Assert.Equal(1, await ways.AskAsync(Cut, 1));

        await ways.Links.CutAsync(Cut);
        var asked = ways.AskAsync(Cut, 2);
        for (var number = 0; number < Questions; number++)
        {
            Assert.Equal(number, await ways.AskAsync(Whole, number));
        }
        Assert.False(asked.IsCompleted);

        await ways.Links.HealAsync(Cut);
        Assert.Equal(2, await asked);
        Assert.Equal(3, await ways.AskAsync(Cut, 3));
    }

    [Fact]
    public async Task A_way_that_is_slow_passes_everything_and_later_by_what_was_said()
    {
        await using var ways = await OpenAsync();

        await ways.Links.SlowAsync(Cut, By);
        var since = TimeProvider.System.GetTimestamp();
        Assert.Equal(1, await ways.AskAsync(Cut, 1));
        var took = TimeProvider.System.GetElapsedTime(since);
        if (ways.Links.CanDelay)
        {
            Assert.True(took >= By - TimerGrain, $"an answer came after {took}");
        }

        await ways.Links.HealAsync(Cut);
        Assert.Equal(2, await ways.AskAsync(Cut, 2));
    }

    /// <summary>Null where they cannot be made.</summary>
    private protected abstract Task<ILinks?> MakeAsync();

    private async Task<Ways> OpenAsync()
    {
        SharedPostgres.Want();
        var links = await MakeAsync();
        Assert.SkipWhen(links is null, "networks of their own may not be made here");
        return await Ways.OpenAsync(links!);
    }

    /// <summary>Two ways to a PostgreSQL, with a connection on each.</summary>
    private sealed class Ways : IAsyncDisposable
    {
        private readonly List<NpgsqlConnection> connections = [];
        private PostgresServer? server;

        private Ways(ILinks links) => Links = links;

        public ILinks Links { get; }

        public static async Task<Ways> OpenAsync(ILinks links)
        {
            var ways = new Ways(links);
            try
            {
                await ways.ConnectAsync();
                return ways;
            }
            catch
            {
                await ways.DisposeAsync();
                throw;
            }
        }

        /// <summary>A question whose answer is known, to be answered over one of the ways.</summary>
        public async Task<int?> AskAsync(int node, int number)
        {
            await using var question = new NpgsqlCommand($"select {number}", connections[node]);
            return await question.ExecuteScalarAsync(TestContext.Current.CancellationToken) as int?;
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var connection in connections)
            {
                await connection.DisposeAsync();
            }
            if (server is not null)
            {
                await server.DisposeAsync();
            }
            await Links.DisposeAsync();
        }

        private async Task ConnectAsync()
        {
            server = await PostgresServer.StartAsync(new() { Within = Links.Within });
            await Links.OpenAsync(nodes: 2, [server.Port]);
            foreach (var node in new[] { Cut, Whole })
            {
                var endpoint = Links.Endpoints(node).Single().Split(':');
                var text = new NpgsqlConnectionStringBuilder(
                    server.ConnectionString(PostgresServer.Administrator, PostgresServer.Administrator)
                )
                {
                    Host = endpoint[0],
                    Port = int.Parse(endpoint[1], CultureInfo.InvariantCulture),
                    Pooling = false,
                };
                var connection = new NpgsqlConnection(text.ConnectionString);
                connections.Add(connection);
                await connection.OpenAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}

/// <summary>Networks of their own.</summary>
public sealed class NamespaceLinksContract : LinksContract
{
    private protected override async Task<ILinks?> MakeAsync() => await NamespaceLinks.TryMakeAsync();
}

/// <summary>Proxies in the test.</summary>
public sealed class ProxyLinksContract : LinksContract
{
    private protected override Task<ILinks?> MakeAsync() => Task.FromResult<ILinks?>(new ProxyLinks());
}
