using OpenPresence.Engine;
using OpenPresence.Server.Calendar;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>The body of both actions that signal a work location.</summary>
public static class LocationBody
{
    /// <summary>What a caller may signal (setManualLocation page, D); the schema's other values are answers only.</summary>
    private static readonly (string Name, WorkLocationType Type)[] Allowed =
    [
        ("office", WorkLocationType.Office),
        ("remote", WorkLocationType.Remote),
        ("timeOff", WorkLocationType.TimeOff),
    ];

    /// <summary>Reads the body, and carries out the command made of it.</summary>
    public static ValueTask<Refusal?> HandleAsync(GraphCall call, Func<LocationSignal, PresenceCommand> command) =>
        PresenceAction.CarryOutAsync(call, (_, body) => command(Read(call, body)), PresenceWrite.LocationStatus(call));

    private static LocationSignal Read(GraphCall call, ActionBody body)
    {
        var members = body.Members("workLocationType", "placeId");
        var type = Type(body, body.Text(members[0], "workLocationType"));
        var placeId = body.Text(members[1], "placeId");
        if (placeId?.Length > EngineLimits.PlaceIdCharactersMax)
        {
            body.Fault(
                "placeId",
                $"The provided [PlaceId] is longer than {EngineLimits.PlaceIdCharactersMax} characters."
            );
        }
        return new LocationSignal(type, placeId, EndOfDay(call));
    }

    private static WorkLocationType Type(ActionBody body, string? text)
    {
        foreach (var (name, type) in Allowed)
        {
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return type;
            }
        }
        var allowed = $"one of: {string.Join(", ", Allowed.Select(row => row.Name))}.";
        if (text is null)
        {
            RequiredMember.Fault(body, "workLocationType", $"It is {allowed}");
        }
        else
        {
            body.Fault("workLocationType", $"The provided [WorkLocationType] must be {allowed}");
        }
        return WorkLocationType.Unspecified;
    }

    private static Instant EndOfDay(GraphCall call)
    {
        var zone = call.Server.Directory.TryGetPerson(call.SubjectId, out var person) ? person.TimeZone : "UTC";
        return TimeZones.EndOfDay(call.Server.Node.State.Clock.Now, zone);
    }
}
