#if !WITHOUT_LOCATIONS
using Microsoft.Graph.Me.Presence.SetAutomaticLocation;
using Microsoft.Graph.Me.Presence.SetManualLocation;
using Microsoft.Graph.Models;
using static OpenPresence.Clients.Demo;
using OfUsers = Microsoft.Graph.Users.Item.Presence.SetManualLocation;

namespace OpenPresence.Clients;

/// <summary>Where people work. Version 5 of the SDK does not have these operations.</summary>
internal static class LocationChecks
{
    public static async Task WorkLocationAsync()
    {
        var mine = SignedIn.Me.Presence;
        await mine.SetManualLocation.PostAsync(
            new SetManualLocationPostRequestBody { WorkLocationType = WorkLocationType.Office, PlaceId = "brno-1-16" }
        );
        Equal("brno-1-16", (await mine.GetAsync())?.WorkLocation?.PlaceId);
        await mine.SetAutomaticLocation.PostAsync(
            new SetAutomaticLocationPostRequestBody { WorkLocationType = WorkLocationType.Remote }
        );
        // The choice of the person goes first.
        Equal(WorkLocationType.Office, (await mine.GetAsync())?.WorkLocation?.WorkLocationType);
        await mine.ClearAutomaticLocation.PostAsync();
        await mine.ClearLocation.PostAsync();

        // An application may not choose.
        var denied = await DirectoryChecks.ErrorOfAsync(() =>
            App.Users[Viktor]
                .Presence.SetManualLocation.PostAsync(
                    new OfUsers.SetManualLocationPostRequestBody { WorkLocationType = WorkLocationType.Office }
                )
        );
        Equal(403, denied.ResponseStatusCode);
        Equal("Forbidden", denied.Error?.Code);
    }
}
#endif
