using System.Net;
using System.Net.NetworkInformation;

namespace OpenPresence.Testing.Tests;

public sealed class PresenceServerTests
{
    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Disposing_leaves_neither_a_port_nor_a_file_behind()
    {
        var presence = await PresenceServer.StartAsync(cancel: Cancel);
        var (port, folder) = (presence.Url.Port, presence.Folder);
        Assert.True(File.Exists(Path.Combine(folder, "seed.json")));
        Assert.Contains(port, Ports());
        await presence.DisposeAsync();
        await presence.DisposeAsync();
        Assert.DoesNotContain(port, Ports());
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public async Task Servers_side_by_side_know_nothing_of_each_other()
    {
        await using var one = await PresenceServer.StartAsync(cancel: Cancel);
        await using var other = await PresenceServer.StartAsync(cancel: Cancel);
        var mara = await one.AddPersonAsync("Mara Lindqvist");
        Assert.NotEqual(one.Url, other.Url);
        Assert.Throws<ArgumentException>(() => other.Person(mara.UserPrincipalName));
        using var graph = other.CreateClient();
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(graph, $"users/{mara.Id}/presence"));
        Assert.Empty(one.Requests.All);
    }

    [Fact]
    public async Task A_token_has_the_permissions_that_were_asked_for_and_no_others()
    {
        await using var presence = await PresenceServer.StartAsync(cancel: Cancel);
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        using var reads = presence.CreateClient("Presence.Read.All");
        using var people = presence.CreateClient("User.Read.All");
        using var everything = presence.CreateClient();
        using var person = presence.CreateClient(mara);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(reads, $"users/{mara.Id}/presence"));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(people, $"users/{mara.Id}/presence"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(everything, "users"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(person, "me/presence"));
    }

    [Fact]
    public async Task A_person_shows_what_a_test_says_and_nothing_that_nobody_can_show()
    {
        await using var presence = await PresenceServer.StartAsync(cancel: Cancel);
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        Assert.Equal(new ShownPresence("Offline", "Offline"), mara.Shows);
        await mara.ShowAsync("busy", "inacall");
        Assert.Equal(new ShownPresence("Busy", "InACall"), mara.Shows);
        await mara.SignOffAsync();
        Assert.Equal("Offline/Offline", mara.Shows.ToString());
        var wrong = await Assert.ThrowsAsync<ArgumentException>(() => mara.ShowAsync("Available", "InACall"));
        Assert.Contains("Busy/InACall", wrong.Message);
        await Assert.ThrowsAsync<ArgumentException>(() => presence.AddPersonAsync("Mara Lindqvist"));
    }

    [Fact]
    public async Task The_clock_stands_still_and_moves_everything_when_it_is_moved()
    {
        await using var presence = await PresenceServer.StartAsync(cancel: Cancel);
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        var began = presence.Clock.Now;
        Assert.True(presence.Clock.IsFrozen);
        await mara.ShowAsync("Busy", duration: TimeSpan.FromMinutes(30));
        Assert.Equal(began.AddMinutes(30), presence.Clock.NextDueAt);
        await presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(30) - TimeSpan.FromTicks(1));
        Assert.Equal("Busy", mara.Shows.Availability);
        await presence.Clock.AdvanceToAsync(began.AddMinutes(30));
        Assert.Equal("Offline", mara.Shows.Availability);
        Assert.Equal(began.AddMinutes(30), presence.Clock.TimeProvider.GetUtcNow());
        Assert.Null(presence.Clock.NextDueAt);
        await Assert.ThrowsAsync<InvalidOperationException>(() => presence.Clock.AdvanceToAsync(began));
        await presence.Clock.RunAsync();
        Assert.False(presence.Clock.IsFrozen);
    }

    [Fact]
    public async Task Notifications_of_what_was_due_have_come_when_the_clock_has_moved()
    {
        await using var presence = await PresenceServer.StartAsync(cancel: Cancel);
        await using var webhook = await Webhook.StartAsync();
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        await mara.ShowAsync("Busy", duration: TimeSpan.FromMinutes(30));
        await webhook.SubscribeAsync(presence, mara);
        await presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(30));
        var told = Assert.Single(webhook.Got, one => one["lifecycleEvent"] is null);
        Assert.Equal(mara.Id, (string?)told["resourceData"]!["id"]);
        webhook.Status = 503;
        await mara.ShowAsync("Away");
        await presence.SettledAsync();
        webhook.Status = 202;
        await presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(1));
        var second = await presence.Deliveries.WaitForAsync(sent => sent.Attempt == 2);
        Assert.True(second.IsAccepted);
    }

    [Fact]
    public async Task Waiting_ends_with_what_was_seen_instead()
    {
        await using var presence = await PresenceServer.StartAsync(
            new() { WaitLimit = TimeSpan.FromMilliseconds(50) },
            Cancel
        );
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        using var graph = presence.CreateClient();
        using var _ = await graph.GetAsync("users", Cancel);
        var late = await Assert.ThrowsAsync<TimeoutException>(() => mara.WaitUntilShowsAsync("Busy"));
        Assert.Contains("Offline/Offline", late.Message);
        var missing = await Assert.ThrowsAsync<TimeoutException>(() =>
            presence.Requests.WaitForAsync(seen => seen.Operation == "getMyPresence")
        );
        Assert.Contains("GET /v1.0/users → 200", missing.Message);
    }

    [Fact]
    public async Task A_reset_begins_anew_with_the_seed_and_without_faults()
    {
        await using var presence = await PresenceServer.StartAsync(cancel: Cancel);
        await presence.AddPersonAsync("Mara Lindqvist");
        await using var fault = await presence.FailAsync(new RequestFault { Status = 503 });
        await presence.ResetAsync();
        Assert.Empty(presence.Requests.All);
        var again = await presence.AddPersonAsync("Mara Lindqvist");
        using var graph = presence.CreateClient();
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(graph, $"users/{again.Id}/presence"));
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused_with_the_servers_sentence()
    {
        var start = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            PresenceServer.StartAsync(new() { SeedFile = "there-is-none.jsonc" }, Cancel)
        );
        Assert.Contains("there-is-none.jsonc", start.Message);
        await using var presence = await PresenceServer.StartAsync(cancel: Cancel);
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            presence.FailAsync(new RequestFault { Operation = "getPresense", Status = 500 })
        );
        Assert.Contains("getMyPresence", fault.Message);
    }

    [Fact]
    public async Task A_seed_of_ones_own_says_who_is_there_and_the_log_is_shown()
    {
        var seed = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(
                seed,
                """
                { "tenants": [ { "id": "bbbbcccc-0000-dddd-1111-eeee2222ffff", "displayName": "Fabrikam",
                  "domains": ["fabrikam.example"],
                  "applications": [ { "clientId": "47eaa099-2cb6-416d-86dc-283cf0480ff9",
                    "displayName": "App", "secrets": ["hers"], "applicationPermissions": ["*"] } ],
                  "people": [ { "id": "fa8bf3dc-eca7-46b7-bad1-db199b62afc3", "displayName": "Li Wei",
                    "userPrincipalName": "li@fabrikam.example", "presence": "Busy/InACall" } ] } ] }
                """,
                Cancel
            );
            await using var presence = await PresenceServer.StartAsync(new() { SeedFile = seed }, Cancel);
            var li = presence.Person("li@fabrikam.example");
            Assert.Equal("Busy/InACall", li.Shows.ToString());
            Assert.Equal("47eaa099-2cb6-416d-86dc-283cf0480ff9", presence.ApplicationId);
            using var graph = presence.CreateClient();
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(graph, $"users/{li.Id}/presence"));
        }
        finally
        {
            File.Delete(seed);
        }
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, Cancel);
        return answer.StatusCode;
    }

    private static IEnumerable<int> Ports() =>
        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Select(listener => listener.Port);
}
