using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Terminal;
using Spectre.Console;

namespace OpenPresence.Server.Cli.Client;

/// <summary>
/// A table that stays in its place while it changes. As many rows as the terminal has; when there are more people, those
/// who changed last. Drawn at most ten times a second, however much changes.
/// </summary>
internal sealed class WatchTable(Screen screen, TimeProvider time)
{
    private static readonly TimeSpan DrawEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>The head, the last line, and the one in which the cursor stands.</summary>
    private const int LinesBeside = 4;

    /// <summary>What the columns beside name and message take at most, with what is between them.</summary>
    private const int ColumnsBeside = 28 + 11 + 8 + 10;

    private sealed record Row(KnownPerson Person, JsonObject Presence, DateTimeOffset? ChangedAt);

    private readonly Lock gate = new();
    private readonly Dictionary<string, Row> rows = new(StringComparer.Ordinal);
    private bool isChanged;

    /// <summary>Shows what a reader hands on, until the reader ends.</summary>
    public Task RunAsync(Func<Action<KnownPerson, JsonObject, bool>, Task> read) =>
        screen
            .Console.Live(Draw())
            .StartAsync(async context =>
            {
                using var timer = new PeriodicTimer(DrawEvery, time);
                var reading = read(Take);
                var next = timer.WaitForNextTickAsync().AsTask();
                while (await Task.WhenAny(reading, next) != reading)
                {
                    next = timer.WaitForNextTickAsync().AsTask();
                    if (TakeChange())
                    {
                        context.UpdateTarget(Draw());
                    }
                }
                context.UpdateTarget(Draw());
                await reading;
            });

    private void Take(KnownPerson person, JsonObject presence, bool isChange)
    {
        lock (gate)
        {
            isChanged = true;
            if (presence["availability"] is null)
            {
                rows.Remove(person.Id);
            }
            else
            {
                rows[person.Id] = new(person, presence, isChange ? time.GetLocalNow() : null);
            }
        }
    }

    private bool TakeChange()
    {
        lock (gate)
        {
            var was = isChanged;
            isChanged = false;
            return was;
        }
    }

    private Rows Draw()
    {
        Row[] all;
        lock (gate)
        {
            all = [.. rows.Values];
        }
        var places = Math.Max(1, screen.Console.Profile.Height - LinesBeside);
        var shown = all.Length <= places ? all : [.. all.OrderByDescending(row => row.ChangedAt).Take(places)];
        // A row that took two lines would push the table out of its place.
        var names = shown.Select(row => row.Person.Title.Length).DefaultIfEmpty().Max();
        var messageChars = Math.Max(5, screen.Columns - names - ColumnsBeside);
        var table = Screen.NewTable([.. Presences.Heads[..^1], "CHANGED"]);
        foreach (var row in shown.OrderBy(row => row.Person.Title, StringComparer.OrdinalIgnoreCase))
        {
            table.AddRow([
                .. Presences.Row(screen, row.Person, row.Presence, messageChars)[..^1],
                Screen.Cell($"{row.ChangedAt:HH:mm:ss}"),
            ]);
        }
        var more = all.Length - shown.Length;
        return new Rows(
            table,
            new Text(more > 0 ? $"and {more} more people; Ctrl+C ends" : "Ctrl+C ends", new Style(Color.Grey))
        );
    }
}
