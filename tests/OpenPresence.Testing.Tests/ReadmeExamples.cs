using System.Net;
using System.Net.Http.Json;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;

namespace OpenPresence.Testing.Tests;

/// <summary>
/// The examples of the package's README as they stand there, block after block; <see cref="ReadmeTests"/> compares them
/// with the document.
/// </summary>
public sealed class ReadmeExamples
{
    [Fact]
    public async Task The_examples_of_the_README_hold_one_after_the_other()
    {
        // README
        await using var presence = await PresenceServer.StartAsync();
        var mara = await presence.AddPersonAsync("Mara Lindqvist");
        await mara.ShowAsync("Busy", "InACall");

        using var graph = presence.CreateClient("Presence.Read.All");
        var answer = await graph.GetStringAsync($"users/{mara.Id}/presence");

        Assert.Contains("\"activity\":\"InACall\"", answer);
        // README
        var jonas = await presence.AddPersonAsync("Jonas Okafor");
        using var hers = presence.CreateClient(mara, "Presence.Read");

        using var own = await hers.GetAsync("me/presence");
        using var his = await hers.GetAsync($"users/{jonas.Id}/presence");

        Assert.Equal(HttpStatusCode.OK, own.StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, his.StatusCode);
        // (her device signs off, so that what the program says is seen)
        await mara.SignOffAsync();
        // README
        using var softphone = presence.CreateClient("Presence.ReadWrite.All");
        await softphone.PostAsJsonAsync(
            $"users/{mara.Id}/presence/setPresence",
            new
            {
                sessionId = presence.ApplicationId,
                availability = "Busy",
                activity = "InACall",
                expirationDuration = "PT1H",
            }
        );

        await mara.WaitUntilShowsAsync("Busy", "InACall");
        Assert.Equal("Busy/InACall", mara.Shows.ToString());
        // README
        await presence.Clock.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("Offline", mara.Shows.Availability); // the hour of setPresence is over
        // (somebody has subscribed)
        await using var webhook = await Webhook.StartAsync();
        await webhook.SubscribeAsync(presence, mara);
        // README
        await mara.ShowAsync("Away");
        await presence.SettledAsync();

        var sent = await presence.Deliveries.WaitForAsync(delivery => delivery.IsAccepted);
        Assert.Equal([mara.Id], sent.PersonIds);
        // README
        await using var overload = await presence.FailAsync(
            new RequestFault
            {
                Operation = "getUserPresence",
                Status = 429,
                RetryAfter = TimeSpan.FromSeconds(2),
                Count = 1,
            }
        );
        await using var lost = await presence.FailAsync(new NotificationFault { Person = mara, Drop = true });

        using var refused = await graph.GetAsync($"users/{mara.Id}/presence");
        await mara.ShowAsync("Available");
        await presence.SettledAsync();

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal((1, 1), (overload.Met, lost.Met));
        // README
        var request = await presence.Requests.WaitForAsync(seen => seen.Operation == "setPresence");

        Assert.Equal(200, request.Status);
        Assert.Contains("PT1H", request.Body);
        // README
        await presence.PlayAsync(
            """
            { "actors": [ { "user": "mara.lindqvist@contoso.example", "steps": [
              { "device": "desk", "shows": "Available/Available", "for": "PT8H" },
              { "after": "PT1H", "calendar": "meeting", "for": "PT30M" } ] } ] }
            """
        );

        await presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(70));
        Assert.Equal("InAMeeting", mara.Shows.Activity);
        await presence.Clock.AdvanceAsync(TimeSpan.FromMinutes(30));
        Assert.Equal("Available", mara.Shows.Activity);
        // README
        await using var secure = await PresenceServer.StartAsync(new() { UseHttps = true });
        using var transport = new HttpClient(secure.CreateHandler());

        var credential = new ClientSecretCredential(
            secure.TenantId,
            secure.ApplicationId,
            secure.ClientSecret,
            new ClientSecretCredentialOptions
            {
                AuthorityHost = secure.Url,
                DisableInstanceDiscovery = true,
                Transport = new HttpClientTransport(transport),
            }
        );
        var token = await credential.GetTokenAsync(new TokenRequestContext(["https://graph.microsoft.com/.default"]));

        Assert.NotEmpty(token.Token);
    }
}
