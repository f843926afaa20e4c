using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Terminal;
using Spectre.Console.Rendering;

namespace OpenPresence.Server.Cli.Client;

/// <summary>What people show: asked for in bulk, and shown in a row each.</summary>
internal static class Presences
{
    /// <summary>How many people one bulk read takes.</summary>
    public const int IdsMax = 650;

    /// <summary>A narrower terminal shows no user names: the message is more to a reader.</summary>
    private const int ColumnsForUser = 110;

    public static readonly string[] Heads = ["NAME", "PRESENCE", "LOCATION", "MESSAGE", "USER"];

    /// <summary>The presences of these people, in their order.</summary>
    public static async IAsyncEnumerable<(KnownPerson Person, JsonObject Presence)> ReadAsync(
        ServerConnection server,
        IReadOnlyList<KnownPerson> people,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel
    )
    {
        if (people is [var only])
        {
            // Whoever may read their own presence alone may not read in bulk.
            var path = $"users/{only.Id}/presence";
            yield return (only, (JsonObject)await server.GetAsync(path, cancel));
            yield break;
        }
        foreach (var chunk in people.Chunk(IdsMax))
        {
            var ids = new JsonArray([.. chunk.Select(person => JsonValue.Create(person.Id))]);
            var answer = await server.PostAsync(
                "communications/getPresencesByUserId",
                new JsonObject { ["ids"] = ids },
                cancel
            );
            var value = (JsonArray)answer["value"]!;
            for (var i = 0; i < chunk.Length; i++)
            {
                yield return (chunk[i], (JsonObject)value[i]!);
            }
        }
    }

    /// <summary>A presence as it was answered, with the names beside the id.</summary>
    public static JsonObject Json(KnownPerson person, JsonObject presence)
    {
        var named = new JsonObject { ["id"] = person.Id };
        if (person.Name.Length > 0)
        {
            named["userPrincipalName"] = person.Name;
            named["displayName"] = person.DisplayName;
        }
        foreach (var (name, value) in presence)
        {
            if (name != "id" && !name.StartsWith('@'))
            {
                named[name] = value?.DeepClone();
            }
        }
        return named;
    }

    /// <summary>A presence as a row of cells, under <see cref="Heads"/>.</summary>
    public static IRenderable[] Row(
        Screen screen,
        KnownPerson person,
        JsonObject presence,
        int messageCharsMax = int.MaxValue
    ) =>
        [
            Screen.Cell(person.Title),
            screen.Pair((string?)presence["availability"], (string?)presence["activity"]),
            Screen.Cell(Location(presence)),
            Screen.Cell(Cut(Message(presence), messageCharsMax)),
            Screen.Cell(person.Name.Length > 0 ? person.Name : person.Id),
        ];

    /// <summary>Shows people in a table, or a line of JSON each.</summary>
    public static async Task ShowAsync(ClientRun run, IReadOnlyList<KnownPerson> people, CancellationToken cancel)
    {
        var rows = new List<IRenderable[]>();
        await foreach (var (person, presence) in ReadAsync(run.Server, people, cancel))
        {
            if (run.IsJson)
            {
                run.Screen.Line(Json(person, presence));
            }
            else
            {
                rows.Add(Row(run.Screen, person, presence));
            }
        }
        if (rows.Count > 0)
        {
            var shown = run.Screen.Columns < ColumnsForUser ? Heads.Length - 1 : Heads.Length;
            run.Screen.Table(Heads[..shown], rows.Select(row => row[..shown]));
        }
    }

    private static string? Cut(string? text, int charsMax) => text?.Length > charsMax ? $"{text[..charsMax]}…" : text;

    private static string? Location(JsonObject presence) =>
        (string?)presence["workLocation"]?["workLocationType"] is { } type and not "unspecified" ? type : null;

    private static string? Message(JsonObject presence) =>
        (string?)presence["statusMessage"]?["message"]?["content"] is { Length: > 0 } message ? message
        : (bool?)presence["outOfOfficeSettings"]?["isOutOfOffice"] == true
            ? $"Out of office. {(string?)presence["outOfOfficeSettings"]!["message"]}".TrimEnd()
        : null;
}
