using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Streaming;

namespace OpenPresence.Server.Tests.Streaming;

/// <summary>What one stream tells, over a connection that the test holds up as it likes.</summary>
public sealed class LivePumpTests : IAsyncLifetime
{
    private readonly LiveUnderTest live = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => live.DisposeAsync();

    [Fact]
    public async Task The_present_state_comes_first_then_changes_in_order()
    {
        live.Add(2);
        var peer = live.Open(tellsState: true);
        Assert.Equal(["presence 1 Available", "presence 2 Available", "ready"], await peer.ReadAsync(3));
        live.Set(2, "Busy/InACall");
        Assert.Equal(["presence 2 Busy"], await peer.ReadAsync(1));
        live.Set(1, "Away/Away").Set(2, "Available/Available");
        Assert.Equal(["presence 1 Away", "presence 2 Available"], await peer.ReadAsync(2));
    }

    [Fact]
    public async Task Only_those_who_are_listed_are_told_of()
    {
        live.Add(3);
        var peer = live.Open([1, 3, 9], tellsState: true);
        Assert.Equal(
            ["presence 1 Available", "presence 3 Available", "presence 9 PresenceUnknown", "ready"],
            await peer.ReadAsync(4)
        );
        live.Set(2, "Busy/InACall").Set(3, "Busy/InACall").Add(1, from: 9);
        Assert.Equal("presence 3 Busy", Assert.Single(await peer.ReadAsync(1)));
        Assert.Contains("presence 9 Available", await peer.ReadAsync(1));
    }

    [Fact]
    public async Task Whoever_is_removed_is_told_as_removed()
    {
        live.Add(2);
        var peer = live.Open();
        live.Remove(1);
        Assert.Equal(["removed 1"], await peer.ReadAsync(1));
    }

    [Fact]
    public async Task Two_tenants_hear_nothing_of_each_other_even_when_they_list_each_other()
    {
        live.Add(2).Add(2, LiveUnderTest.Other, from: 11);
        var (one, other) = (live.Open(), live.Open(tenant: LiveUnderTest.Other));
        var curious = live.Open([11, 12, 1], tellsState: true);
        Assert.Equal(
            ["presence 1 Available", "presence 11 PresenceUnknown", "presence 12 PresenceUnknown", "ready"],
            await curious.ReadAsync(4)
        );
        live.Set(11, "Busy/InACall").Remove(12).Set(1, "Away/Away").Set(11, "Away/Away");
        Assert.Equal(["presence 1 Away"], await one.ReadAsync(1));
        Assert.Equal(["presence 1 Away"], await curious.ReadAsync(1));
        var heard = new List<string>();
        while (heard.LastOrDefault() != "presence 11 Away")
        {
            heard.AddRange(await other.ReadAsync(1));
        }
        Assert.DoesNotContain("presence 1 Away", heard);
        // Nothing was left over for whom it did not concern.
        live.Set(2, "Busy/InACall");
        Assert.Equal(["presence 2 Busy"], await one.ReadAsync(1));
    }

    /// <summary>One entry crosses the deadlines of five people; the connection breaks between two of them.</summary>
    [Fact]
    public async Task A_client_that_comes_back_with_its_last_id_misses_nothing_and_hears_nothing_twice()
    {
        live.Add(5);
        var peer = live.Open();
        live.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal(["presence 1 Available", "presence 2 Available"], await peer.ReadAsync(2));
        var last = peer.LastEventId;
        await peer.DisposeAsync();
        live.Set(1, "Busy/InACall");

        Assert.True(LivePlace.TryParse(last, out var place));
        var again = live.Open(after: place);
        Assert.Equal(
            ["presence 3 Available", "presence 4 Available", "presence 5 Available", "presence 1 Busy"],
            await again.ReadAsync(4)
        );
        live.Set(2, "Away/Away");
        Assert.Equal(["presence 2 Away"], await again.ReadAsync(1));
    }

    /// <summary>The client takes nothing while every person changes a thousand times.</summary>
    [Fact]
    public async Task A_slow_client_hears_the_last_state_of_each_person_and_holds_nobody_up()
    {
        live.Add(50);
        var (slow, quick) = (live.Open(), live.Open([7]));
        for (var round = 0; round < 1000; round++)
        {
            for (var number = 1; number <= 50; number++)
            {
                live.Set(number, round % 2 == 0 ? "Busy/InACall" : "Away/Away");
            }
        }
        live.Set(7, "DoNotDisturb/Presenting");
        while ((await quick.ReadAsync(1))[0] != "presence 7 DoNotDisturb") { }

        var last = new Dictionary<string, string>();
        var heard = 0;
        while (last.GetValueOrDefault("7") != "DoNotDisturb")
        {
            var words = (await slow.ReadAsync(1))[0].Split(' ');
            last[words[1]] = words[2];
            heard++;
        }
        Assert.Equal(50, last.Count);
        Assert.All(last.Where(row => row.Key != "7"), row => Assert.Equal("Away", row.Value));
        Assert.InRange(heard, 50, 5000);
    }

    [Fact]
    public async Task Beyond_the_feed_everybody_who_changed_is_told_once_as_they_are_now()
    {
        live.Add(4);
        var peer = live.Open();
        live.Set(1, "Busy/InACall");
        Assert.Equal(["presence 1 Busy"], await peer.ReadAsync(1));
        Assert.True(LivePlace.TryParse(peer.LastEventId, out var place));
        await peer.DisposeAsync();
        live.Remove(4);
        for (var change = 0; change <= ChangeFeed.ChangesKept; change++)
        {
            live.Set(2 + (change % 2), change % 4 < 2 ? "Busy/InACall" : "Away/Away");
        }

        foreach (var again in new[] { live.Open(after: place), live.Open([1, 2, 4], after: place) })
        {
            Assert.Equal(["resync"], await again.ReadAsync(1));
            var heard = await again.ReadAsync(3);
            Assert.Equal("presence 1 Busy", heard[0]); // of the last entry that was told, told again
            Assert.StartsWith("presence 2", heard[1], StringComparison.Ordinal);
            Assert.Contains(heard[2].Split(' ')[..2], word => word is "3" or "4" or "removed" or "presence");
            live.Set(2, "DoNotDisturb/Presenting").Set(2, "Available/Available");
            while ((await again.ReadAsync(1))[0] != "presence 2 Available") { }
        }
    }

    [Fact]
    public async Task An_id_of_another_life_of_the_server_begins_anew()
    {
        live.Add(2);
        var peer = live.Open(after: new LivePlace(1_000_000, 3));
        Assert.Equal(["resync", "presence 1 Available", "presence 2 Available"], await peer.ReadAsync(3));
    }

    [Fact]
    public async Task An_id_that_may_be_another_entrys_by_now_begins_anew()
    {
        await using var promoted = new LiveUnderTest(strangeThrough: 5).Add(2);
        Assert.Equal(5, promoted.Position);
        var peer = promoted.Open(after: new LivePlace(5, LivePlace.All));
        Assert.Equal(["resync", "presence 1 Available", "presence 2 Available"], await peer.ReadAsync(3));
        var next = promoted.Set(1, "Busy/InACall").Open(after: new LivePlace(6, 0));
        promoted.Set(2, "Away/Away");
        Assert.Equal(["presence 2 Away"], await next.ReadAsync(1));
    }

    [Fact]
    public async Task A_sign_of_life_carries_the_place_up_to_which_all_is_told()
    {
        live.Add(2);
        var peer = live.Open([2]);
        live.Set(1, "Busy/InACall"); // passed over, but in the order
        await Eventually.IsSoAsync(() => live.FanOut.Completed == live.Position);
        live.Clock.Advance(LiveLimits.BeatEvery);
        await peer.ReadUntilAsync($":\nid: {live.Position}\n\n");
        await peer.DisposeAsync();

        var again = live.Open([1, 2], after: new LivePlace(live.Position, LivePlace.All));
        live.Set(2, "Away/Away");
        Assert.Equal(["presence 2 Away"], await again.ReadAsync(1));
    }

    [Fact]
    public async Task A_stream_ends_with_the_token_that_opened_it_and_says_so()
    {
        live.Add(1);
        var (peer, longer) = (live.Open(lifetime: TimeSpan.FromMinutes(5)), live.Open());
        live.Clock.Advance(TimeSpan.FromMinutes(5));
        var end = await peer.NextAsync();
        Assert.Equal("end", end!.Value.EventType);
        Assert.Contains("\"code\":\"tokenExpired\"", end.Value.Data, StringComparison.Ordinal);
        Assert.Null(await peer.NextAsync());
        live.Set(1, "Busy/InACall");
        Assert.Equal(["presence 1 Busy"], await longer.ReadAsync(1));
    }

    [Fact]
    public async Task A_client_that_takes_nothing_is_cut_off()
    {
        live.Add(200);
        var peer = live.Open(tellsState: true); // more than its connection holds
        await Eventually.IsSoAsync(() => peer.Stream.StalledSince != 0);
        live.Clock.Advance(LiveLimits.StallMax + TimeSpan.FromSeconds(2));
        await peer.Ended.WaitAsync(Eventually.Limit, TestContext.Current.CancellationToken);
        Assert.Equal(0, live.FanOut.Open);
    }

    [Fact]
    public async Task Only_so_many_streams_are_open_at_once()
    {
        await using var small = new LiveUnderTest(streamsMax: 2);
        small.Add(1);
        var (one, two) = (small.Open(), small.Open());
        var third = new LivePeer(small, one.Stream.Scope);
        Assert.False(small.FanOut.TryOpen(third.Stream, null, out _));
        await two.DisposeAsync();
        Assert.Equal(1, small.FanOut.Open);
        small.Open();
        Assert.Equal(2, small.FanOut.Open);
    }
}
