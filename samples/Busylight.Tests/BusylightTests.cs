using System.Net.Http.Json;
using OpenPresence.Testing;

namespace Busylight.Tests;

public sealed class BusylightTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Available", "Available", Light.Green)]
    [InlineData("Busy", "InACall", Light.Red)]
    [InlineData("DoNotDisturb", "Presenting", Light.Red)]
    [InlineData("Away", "Away", Light.Yellow)]
    public async Task The_lamp_follows_the_person(string availability, string activity, Light light)
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        Assert.Equal(Light.Off, busylight.Light);
        await busylight.Mara.ShowAsync(availability, activity);
        await busylight.Presence.SettledAsync();
        Assert.Equal(light, busylight.Light);
    }

    [Fact]
    public async Task It_goes_out_when_the_call_has_ended_by_itself()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        await busylight.Mara.ShowAsync("Busy", "InACall", TimeSpan.FromMinutes(20));
        await busylight.Presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(19));
        Assert.Equal(Light.Red, busylight.Light);
        await busylight.Presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal(Light.Off, busylight.Light);
    }

    [Fact]
    public async Task It_still_follows_after_a_whole_day()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        for (var hour = 0; hour < 24; hour++)
        {
            // Two steps an hour: a subscription lives for one, and whoever sleeps over its end is not asked to renew it.
            await busylight.Presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(50));
            await busylight.Presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(5));
        }
        await busylight.Mara.ShowAsync("Busy");
        await busylight.Presence.SettledAsync();
        Assert.Equal(Light.Red, busylight.Light);
    }

    [Fact]
    public async Task A_throttled_read_is_made_again()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        await using var fault = await busylight.Presence.FailAsync(
            new RequestFault
            {
                Operation = "getMyPresence",
                Status = 429,
                RetryAfter = TimeSpan.Zero,
                Count = 2,
            }
        );
        await busylight.Mara.ShowAsync("Busy");
        await busylight.Presence.SettledAsync();
        Assert.Equal(Light.Red, busylight.Light);
        Assert.Equal(2, fault.Met);
    }

    [Fact]
    public async Task A_token_that_has_ended_is_replaced()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        await busylight.Presence.ExpireTokensAsync();
        await busylight.Mara.ShowAsync("Busy");
        await busylight.Presence.SettledAsync();
        Assert.Equal(Light.Red, busylight.Light);
        await busylight.Presence.Requests.WaitForAsync(request => request.Status == 401);
    }

    [Fact]
    public async Task Notifications_that_come_twice_or_in_the_wrong_order_do_no_harm()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        await using var twice = await busylight.Presence.FailAsync(
            new NotificationFault { Duplicate = true, Skip = 1 }
        );
        await using var overtaken = await busylight.Presence.FailAsync(
            new NotificationFault { Reorder = true, Count = 1 }
        );
        await busylight.Mara.ShowAsync("Busy");
        await busylight.Mara.ShowAsync("Available");
        await busylight.Presence.SettledAsync();
        Assert.Equal(Light.Green, busylight.Light);
        Assert.Equal((1, 1), (twice.Met, overtaken.Met));
    }

    [Fact]
    public async Task A_subscription_that_was_removed_is_made_anew()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        await busylight.Mara.ShowAsync("Busy");
        var first = await busylight.Presence.Deliveries.WaitForAsync(sent => sent.IsAccepted);
        await busylight.Presence.TellLifecycleAsync(first.SubscriptionId, "subscriptionRemoved");
        await busylight.Presence.SettledAsync();
        await busylight.Mara.ShowAsync("Available");
        await busylight.Presence.SettledAsync();
        Assert.Equal(Light.Green, busylight.Light);
        await busylight.Presence.Deliveries.WaitForAsync(sent =>
            sent.IsAccepted && sent.SubscriptionId != first.SubscriptionId
        );
    }

    [Fact]
    public async Task A_notification_of_a_stranger_is_not_believed()
    {
        await using var busylight = await BusylightUnderTest.StartAsync();
        busylight.Presence.Requests.Clear();
        using var stranger = new HttpClient();
        using var answer = await stranger.PostAsJsonAsync(
            new Uri(busylight.Url, "notifications"),
            new { value = new[] { new { clientState = "a guess" } } },
            Cancel
        );
        answer.EnsureSuccessStatusCode();
        Assert.Empty(busylight.Presence.Requests.All);
    }
}
