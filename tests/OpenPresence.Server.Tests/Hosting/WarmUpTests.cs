using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Hosting;

public sealed class WarmUpTests
{
    [Fact]
    public async Task Presences_are_read_and_found()
    {
        await using var server = await RunningServer.StartAsync();

        var statuses = await WarmUp.RunAsync(server.Graph);

        Assert.NotEmpty(statuses);
        Assert.All(statuses, status => Assert.Equal(200, status));
    }

    [Fact]
    public async Task A_server_without_people_starts_as_well()
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                Seed = null,
                Profile = Profile.Production,
            }
        );

        var statuses = await WarmUp.RunAsync(server.Graph);

        Assert.Equal([404, 404, 200, 404, 404, 200], statuses);
    }

    [Fact]
    public async Task Nothing_of_it_is_counted_or_noted()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.Equal(0, server.Graph.Throttle.Counters);
        Assert.Empty(server.Tools.Requests!.After(0));
    }
}
