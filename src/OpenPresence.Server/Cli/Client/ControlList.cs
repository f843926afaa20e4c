using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Terminal;
using Spectre.Console.Rendering;

namespace OpenPresence.Server.Cli.Client;

/// <summary>A list of the control API's: a row each with some members, or all of them as JSON.</summary>
internal static class ControlList
{
    /// <summary>Shows it.</summary>
    public static void Show(ClientRun run, JsonArray list, params string[] members)
    {
        if (run.IsJson)
        {
            foreach (var item in list)
            {
                run.Screen.Line(item!);
            }
        }
        else if (list.Count > 0)
        {
            run.Screen.Table(
                [.. members.Select(member => member.ToUpperInvariant())],
                list.Select(item =>
                    (IReadOnlyList<IRenderable>)[.. members.Select(member => Screen.Cell(item![member]?.ToString()))]
                )
            );
        }
    }
}
