using System.Net;
using OpenPresence.Server.Tests.Clients;

namespace OpenPresence.Server.Tests.Hosting;

/// <summary>What a signal does to the real program.</summary>
public sealed class SignalTests
{
    [Fact]
    public async Task The_first_signal_begins_to_drain_and_the_second_ends_at_once()
    {
        await using var server = new ServerProcess { Arguments = ["--drain", "PT5M"] };
        await server.InitializeAsync();
        using var client = new HttpClient { BaseAddress = server.Http };

        server.Signal("TERM");
        await server.UntilReadyIsAsync(HttpStatusCode.ServiceUnavailable);
        using var live = await client.GetAsync("/health/live", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);

        server.Signal("TERM");
        Assert.Equal(0, await server.ExitCodeAsync());
        Assert.Contains("Asked to stop again: stops at once.", server.Said(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_draining_one_signal_ends_it_and_its_data_is_whole()
    {
        await using var server = new ServerProcess();
        await server.InitializeAsync();
        server.Signal("INT");
        Assert.Equal(0, await server.ExitCodeAsync());
        await server.InitializeAsync();
    }
}
