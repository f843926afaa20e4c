using Microsoft.Graph;
using Microsoft.Graph.Communications.GetPresencesByUserId;
using Microsoft.Graph.Me.Presence.SetStatusMessage;
using Microsoft.Graph.Me.Presence.SetUserPreferredPresence;
using Microsoft.Graph.Models;
using Microsoft.Graph.Users.Item.Presence.ClearPresence;
using Microsoft.Graph.Users.Item.Presence.SetPresence;
using static OpenPresence.Clients.Demo;
using OfCommunications = Microsoft.Graph.Communications.Presences.Item;

namespace OpenPresence.Clients;

/// <summary>Presence, as Graph's pages show it.</summary>
internal static class PresenceChecks
{
    public static async Task OfAPersonAsync()
    {
        var presence = await App.Users[Jonas].Presence.GetAsync();
        Equal(Jonas, presence?.Id);
        Equal("DoNotDisturb/Presenting", Pair(presence));
        Equal(false, presence?.OutOfOfficeSettings?.IsOutOfOffice);
        True(presence?.SequenceNumber is not null);
        Equal("Away/BeRightBack", Pair(await App.Communications.Presences[Priya].GetAsync()));
    }

    public static async Task OfThePersonWhoSignedInAsync()
    {
        var presence = await SignedIn.Me.Presence.GetAsync();
        Equal(Viktor, presence?.Id);
        Equal("Offline/Offline", Pair(presence));
    }

    public static async Task OfSeveralPeopleAsync()
    {
        var answer = await App.Communications.GetPresencesByUserId.PostAsGetPresencesByUserIdPostResponseAsync(
            new GetPresencesByUserIdPostRequestBody { Ids = [Mara, Jonas] }
        );
        True(answer!.Value!.Select(presence => presence.Id).SequenceEqual([Mara, Jonas]));
        True(answer.Value!.Select(Pair).SequenceEqual(["Busy/InAMeeting", "DoNotDisturb/Presenting"]));
    }

    public static async Task OfAllAsync()
    {
        var first = await App.Communications.Presences.GetAsync(request => request.QueryParameters.Top = 5);
        var seen = new HashSet<string>();
        await PageIterator<Microsoft.Graph.Models.Presence, PresenceCollectionResponse>
            .CreatePageIterator(App, first!, presence => seen.Add(presence.Id!))
            .IterateAsync();
        Equal(await App.Communications.Presences.Count.GetAsync(), seen.Count);
        True(seen.Count > 5);
    }

    public static async Task SessionAsync()
    {
        await SetAsync("Busy", "InACall");
        Equal("Busy/InACall", await ShownAsync());
        await ClearAsync();
        Equal("Offline/Offline", await ShownAsync());

        var presence = App.Communications.Presences[Viktor];
        await presence.SetPresence.PostAsync(
            new OfCommunications.SetPresence.SetPresencePostRequestBody
            {
                SessionId = ConfidentialClient,
                Availability = "Available",
                Activity = "Available",
                ExpirationDuration = TimeSpan.FromMinutes(5),
            }
        );
        Equal("Available/Available", Pair(await presence.GetAsync()));
        await presence.ClearPresence.PostAsync(
            new OfCommunications.ClearPresence.ClearPresencePostRequestBody { SessionId = ConfidentialClient }
        );
    }

    public static async Task PreferredAsync()
    {
        await SetAsync("Available", "Available");
        await SignedIn.Me.Presence.SetUserPreferredPresence.PostAsync(
            new SetUserPreferredPresencePostRequestBody
            {
                Availability = "DoNotDisturb",
                Activity = "DoNotDisturb",
                ExpirationDuration = TimeSpan.FromHours(8),
            }
        );
        Equal("DoNotDisturb/DoNotDisturb", await ShownAsync());
        await SignedIn.Me.Presence.ClearUserPreferredPresence.PostAsync();
        Equal("Available/Available", await ShownAsync());
        await ClearAsync();
    }

    public static async Task StatusMessageAsync()
    {
        const string Text = "In a meeting until noon ☕";
        var until = TimeProvider.System.GetUtcNow().AddHours(2).ToString("yyyy-MM-ddTHH:mm:ss");
        await SayAsync(Text, new DateTimeTimeZone { DateTime = until, TimeZone = "UTC" });
        var own = (await SignedIn.Me.Presence.GetAsync())?.StatusMessage;
        var seen = (await App.Users[Viktor].Presence.GetAsync())?.StatusMessage;
        Equal(Text, own?.Message?.Content);
        Equal(Text, seen?.Message?.Content);
        True(own!.ExpiryDateTime!.DateTime!.StartsWith(until, StringComparison.Ordinal));
        True(own.PublishedDateTime is not null);
        True(seen!.ExpiryDateTime is null, "only the person sees when the message ends");

        await SayAsync("", until: null);
        True((await SignedIn.Me.Presence.GetAsync())!.StatusMessage is null);
    }

    public static string Pair(Microsoft.Graph.Models.Presence? presence) =>
        $"{presence?.Availability}/{presence?.Activity}";

    public static async Task<string> ShownAsync() => Pair(await App.Users[Viktor].Presence.GetAsync());

    public static SetPresencePostRequestBody Session(string availability, string activity) =>
        new()
        {
            SessionId = ConfidentialClient,
            Availability = availability,
            Activity = activity,
            ExpirationDuration = TimeSpan.FromHours(1),
        };

    public static Task SetAsync(string availability, string activity) =>
        App.Users[Viktor].Presence.SetPresence.PostAsync(Session(availability, activity));

    public static Task ClearAsync() =>
        App.Users[Viktor]
            .Presence.ClearPresence.PostAsync(new ClearPresencePostRequestBody { SessionId = ConfidentialClient });

    private static Task SayAsync(string text, DateTimeTimeZone? until) =>
        SignedIn.Me.Presence.SetStatusMessage.PostAsync(
            new SetStatusMessagePostRequestBody
            {
                StatusMessage = new PresenceStatusMessage
                {
                    Message = new ItemBody { Content = text, ContentType = BodyType.Text },
                    ExpiryDateTime = until,
                },
            }
        );
}
