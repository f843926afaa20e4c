using OpenPresence.Engine;
using OpenPresence.Server.State.Subscriptions;
using static OpenPresence.Server.Tests.State.Subscriptions.SubscriptionsUnderTest;

namespace OpenPresence.Server.Tests.Graph.Subscriptions;

/// <summary>A server that stops and starts again on the same data, from entries or from a snapshot.</summary>
public sealed class SubscriptionRestartTests
{
    private const long DeliveredTo = 1_000_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task They_go_on_with_their_position_and_end_in_time(bool fromSnapshot)
    {
        await using var server = await RunningServer.StartAsync();
        await CreateAsync(server, Id(1), TimeSpan.FromMinutes(45));
        await CreateAsync(server, Id(2), TimeSpan.FromMinutes(60));
        await server.Node.ExecuteAsync(new SubscriptionsDelivered([new(Id(2), DeliveredTo)]));
        if (fromSnapshot)
        {
            await server.Node.SnapshotAsync(TestContext.Current.CancellationToken);
        }
        await server.StopAsync();
        server.Clock.Advance(TimeSpan.FromMinutes(50));
        await server.StartAgainAsync();
        var after = server.Node.State.Subscriptions;
        Assert.False(after.TryGet(Id(1), out _));
        Assert.True(after.TryGet(Id(2), out var kept));
        Assert.Equal(DeliveredTo, kept.DeliveredTo);
        await server.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(0, server.Node.State.Subscriptions.Count);
    }

    private static async Task CreateAsync(RunningServer server, Guid id, TimeSpan lifetime)
    {
        var wanted = Of(id, Guid.Parse(RunningServer.Someone)) with
        {
            TenantId = Guid.Parse(RunningServer.DemoTenant),
            NotificationUrl = new Uri($"https://receiver.example/{id}"),
            ExpiresAt = Instant.From(server.Clock.GetUtcNow()) + lifetime,
        };
        var result = await server.Node.ExecuteAsync(new SubscriptionCreated(wanted, Plenty, IsOnlyOne: false));
        Assert.Equal(SubscriptionOutcome.Done, result.Subscription);
    }
}
