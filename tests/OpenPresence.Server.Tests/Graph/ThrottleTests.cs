using System.Net;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.Tests.Graph;

public sealed class ThrottleTests
{
    private readonly ManualClock clock = new();

    [Fact]
    public void The_limit_holds_for_each_application_in_each_tenant()
    {
        var throttle = new Throttle(2, clock);
        var (app, tenant, other) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal(0, throttle.Count(app, tenant));
        Assert.Equal(0, throttle.Count(app, tenant));
        Assert.Equal(30, throttle.Count(app, tenant));
        Assert.Equal(0, throttle.Count(app, other));
        Assert.Equal(0, throttle.Count(other, tenant));
    }

    [Fact]
    public void The_wait_is_whole_seconds_until_the_window_ends()
    {
        var throttle = new Throttle(1, clock);
        var (app, tenant) = (Guid.NewGuid(), Guid.NewGuid());
        throttle.Count(app, tenant);
        clock.Advance(TimeSpan.FromSeconds(10.5));
        Assert.Equal(20, throttle.Count(app, tenant));
        clock.Advance(TimeSpan.FromSeconds(19.4));
        Assert.Equal(1, throttle.Count(app, tenant));
        clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(0, throttle.Count(app, tenant));
    }

    [Fact]
    public void Whatever_callers_send_the_counters_are_bounded()
    {
        var throttle = new Throttle(1, clock);
        for (var i = 0; i < Throttle.CountersMax; i++)
        {
            throttle.Count(Guid.NewGuid(), Guid.NewGuid());
        }
        Assert.Equal(Throttle.CountersMax, throttle.Counters);
        // The newcomers share a counter: the first passes, the second does not.
        Assert.Equal(0, throttle.Count(Guid.NewGuid(), Guid.NewGuid()));
        Assert.NotEqual(0, throttle.Count(Guid.NewGuid(), Guid.NewGuid()));
        Assert.Equal(Throttle.CountersMax, throttle.Counters);
        clock.Advance(Throttle.Window);
        Assert.Equal(0, throttle.Count(Guid.NewGuid(), Guid.NewGuid()));
        Assert.Equal(1, throttle.Counters);
    }

    [Fact]
    public async Task The_answer_is_Graphs_with_a_short_wait_in_whole_seconds()
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                ThrottleRequestsPer30Seconds = 1,
            }
        );
        var token = await server.ApplicationTokenAsync("Presence.Read.All");
        var path = $"/v1.0/users/{RunningServer.Someone}/presence";
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, path, token)).StatusCode);
        var answer = await server.SendAsync(HttpMethod.Get, path, token);
        Assert.Equal(HttpStatusCode.TooManyRequests, answer.StatusCode);
        Assert.Equal("30", answer.Headers.GetValues("Retry-After").Single());
        var body = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith(
            """{"error":{"code":"TooManyRequests","message":"Please retry again later.","innerError":{"code":"429","message":"Please retry after","status":"429",""",
            body,
            StringComparison.Ordinal
        );
        await server.AdvanceAsync(Throttle.Window);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, path, token)).StatusCode);
    }
}
