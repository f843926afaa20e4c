using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Cli.Client;

/// <summary>Graph's actions for one person, in this order: what is taken away, the place, the message, the presence.</summary>
internal sealed class SetActions(ServerConnection server, TimeSpan duration, Action<string> note)
{
    private const string Everything = "all";

    /// <summary>What can be taken away.</summary>
    public static readonly string[] Clearable = ["preferred", "session", "message", "location", Everything];

    public required string[] Clear { get; init; }

    public required string? Location { get; init; }

    public required string? Place { get; init; }

    public required string? Message { get; init; }

    public required JsonObject? Preferred { get; init; }

    public required JsonObject? Session { get; init; }

    /// <summary>Refuses what cannot be meant.</summary>
    public void Check(bool isTimed)
    {
        if (Clear.Length == 0 && Location is null && !TakesTime)
        {
            throw Wrong("Nothing was said to set.", "For example: --preferred Busy --for 1h.");
        }
        if (isTimed && !TakesTime)
        {
            throw Wrong("--for goes with --preferred, --session or --message.", null);
        }
        if (Place is not null && Location is null)
        {
            throw Wrong("--place goes with --location.", null);
        }
    }

    /// <summary>Carries them out.</summary>
    public async Task RunAsync(KnownPerson person, CancellationToken cancel)
    {
        foreach (var what in IsOfEverything ? Clearable[..^1] : Clear.Distinct(StringComparer.Ordinal))
        {
            await ClearAsync(person, what, cancel);
        }
        if (Location is not null)
        {
            var body = new JsonObject { ["workLocationType"] = Location };
            if (Place is not null)
            {
                body["placeId"] = Place;
            }
            await ActAsync(person, "setManualLocation", body, cancel);
        }
        if (Message is not null)
        {
            await SetMessageAsync(person, Message, cancel);
        }
        if (Session is not null)
        {
            var body = Timed(Session);
            body["sessionId"] = await SessionIdAsync(cancel);
            await ActAsync(person, "setPresence", body, cancel);
        }
        if (Preferred is not null)
        {
            await ActAsync(person, "setUserPreferredPresence", Timed(Preferred), cancel);
        }
    }

    private bool IsOfEverything => Clear.Contains(Everything, StringComparer.Ordinal);

    private bool TakesTime => Preferred is not null || Session is not null || Message is not null;

    private async Task ClearAsync(KnownPerson person, string what, CancellationToken cancel)
    {
        switch (what)
        {
            case "preferred":
                await ActAsync(person, "clearUserPreferredPresence", [], cancel);
                break;
            case "location":
                await ClearLocationAsync(person, cancel);
                break;
            case "message":
                await SetMessageAsync(person, "", cancel);
                break;
            default:
                await ClearSessionAsync(person, cancel);
                break;
        }
    }

    private async Task ClearLocationAsync(KnownPerson person, CancellationToken cancel)
    {
        try
        {
            await ActAsync(person, "clearLocation", [], cancel);
        }
        catch (CommandFailedException barred) when (IsOfEverything && barred.Status == HttpStatusCode.Forbidden)
        {
            note($"note: the location of {person.Title} stays: only a person may clear their own.");
        }
    }

    private async Task ClearSessionAsync(KnownPerson person, CancellationToken cancel)
    {
        var body = new JsonObject { ["sessionId"] = await SessionIdAsync(cancel) };
        try
        {
            await ActAsync(person, "clearPresence", body, cancel);
        }
        catch (CommandFailedException none) when (IsOfEverything && none.Status == HttpStatusCode.NotFound)
        {
            // Whoever takes everything away does not ask whether it was there.
        }
    }

    private async Task SetMessageAsync(KnownPerson person, string text, CancellationToken cancel)
    {
        var status = new JsonObject
        {
            ["message"] = new JsonObject { ["content"] = text, ["contentType"] = "text" },
        };
        if (duration > TimeSpan.Zero && text.Length > 0)
        {
            // By the server's clock, which need not be this machine's.
            var explained = await server.GetAsync($"users/{person.Id}/presence/explain", cancel);
            var now = DateTimeOffset.Parse((string)explained["asOfDateTime"]!, CultureInfo.InvariantCulture);
            status["expiryDateTime"] = new JsonObject
            {
                ["dateTime"] = (now + duration).UtcDateTime.ToString(
                    "yyyy-MM-dd'T'HH:mm:ss.fffffff",
                    CultureInfo.InvariantCulture
                ),
                ["timeZone"] = "UTC",
            };
        }
        await ActAsync(person, "setStatusMessage", new JsonObject { ["statusMessage"] = status }, cancel);
    }

    private Task<JsonNode> ActAsync(KnownPerson person, string action, JsonObject body, CancellationToken cancel) =>
        server.PostAsync($"users/{person.Id}/presence/{action}", body, cancel);

    private JsonObject Timed(JsonObject pair)
    {
        var body = (JsonObject)pair.DeepClone();
        if (duration > TimeSpan.Zero)
        {
            body["expirationDuration"] = DurationText.Iso(duration);
        }
        return body;
    }

    private async Task<string> SessionIdAsync(CancellationToken cancel) =>
        Credentials.ApplicationOf(await server.TokenAsync(cancel))
        ?? throw Wrong(
            "The token does not say which application it was given to, and a session is an application's.",
            "Use one of an application known to the server."
        );

    private static CommandFailedException Wrong(string message, string? hint) => new(message, hint, ExitCode.BadInput);
}
