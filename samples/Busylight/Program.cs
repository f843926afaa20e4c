using Azure.Core;
using Azure.Identity;
using Busylight;

// Lights a lamp for the person who signs in, and follows the person's presence through change notifications.
var builder = WebApplication.CreateBuilder(args);
var settings =
    builder.Configuration.GetSection("Busylight").Get<BusylightSettings>()
    ?? throw new InvalidOperationException("The section Busylight is missing.");
var credential = new DeviceCodeCredential();
string[] scopes = ["https://graph.microsoft.com/Presence.Read"];
using var graph = new HttpClient(
    new GraphHandler(
        async cancel => (await credential.GetTokenAsync(new TokenRequestContext(scopes), cancel)).Token,
        new SocketsHttpHandler()
    )
)
{
    BaseAddress = new Uri("https://graph.microsoft.com/v1.0/"),
};
var lamp = new ConsoleLamp();
await using var app = builder.Build();
var watcher = new PresenceWatcher(graph, lamp, settings.ClientState, TimeProvider.System);
app.MapBusylight(watcher);
await app.StartAsync();
await watcher.StartAsync(settings.PublicUrl, app.Lifetime.ApplicationStopping);
await app.WaitForShutdownAsync();
