using System.Text.Json.Nodes;
using OpenPresence.Engine;

namespace OpenPresence.Server.Cli.Client;

/// <summary>
/// A pair as people type it: <c>Busy/InACall</c>, or <c>busy</c> alone for the activity that goes with it. Which pairs
/// may be set is the server's to say.
/// </summary>
internal static class PairText
{
    /// <summary>Reads what a person prefers to show.</summary>
    public static JsonObject Preferred(string text) =>
        Read(text, availability => availability == "Offline" ? "OffWork" : availability);

    /// <summary>Reads what an application's session says.</summary>
    public static JsonObject Session(string text) =>
        Read(
            text,
            availability =>
                availability switch
                {
                    "Busy" => "InACall",
                    "DoNotDisturb" => "Presenting",
                    _ => availability,
                }
        );

    private static JsonObject Read(string text, Func<string, string> activityOf)
    {
        var parts = text.Split('/', 2);
        var availability = Word<Availability>(parts[0]);
        return new JsonObject
        {
            ["availability"] = availability,
            ["activity"] = parts.Length == 2 ? Word<Activity>(parts[1]) : activityOf(availability),
        };
    }

    /// <summary>Graph's spelling of a word in any letter case.</summary>
    private static string Word<T>(string text)
        where T : struct, Enum =>
        Array.Find(Enum.GetNames<T>(), name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) ?? text;
}
