using System.Text.Json.Nodes;
using OpenPresence.Server.Cli.Client;

namespace OpenPresence.Server.Cli.Commands;

/// <summary>One watch: what was told last of each, and what of it is shown.</summary>
/// <param name="run">The command.</param>
/// <param name="people">Whom; null: every person.</param>
/// <param name="bounds">When it ends by itself.</param>
internal sealed class Watching(ClientRun run, IReadOnlyList<KnownPerson>? people, WatchBounds bounds)
{
    /// <summary>How many people of a whole tenant are called by name; the rest by id.</summary>
    public const int NamesMax = 5000;

    private readonly Dictionary<string, KnownPerson> names = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> sequences = new(StringComparer.Ordinal);
    private bool isReady;
    private int changes;

    /// <summary>Watches until a bound is reached, or it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        foreach (var person in people ?? await NamesAsync(cancel))
        {
            names[person.Id] = person;
        }
        if (run.Screen.IsTerminal && !run.IsJson)
        {
            await new WatchTable(run.Screen, run.Shell.Time).RunAsync(show => ReadAsync(show, cancel));
        }
        else
        {
            await ReadAsync(Print, cancel);
        }
    }

    private async Task ReadAsync(Action<KnownPerson, JsonObject, bool> show, CancellationToken cancel)
    {
        var ids = people?.Select(person => person.Id).ToArray() ?? [];
        var live = new LiveChanges(run.Server, ids, run.Screen.Note);
        await foreach (var told in live.ReadAsync(cancel))
        {
            switch (told.Kind)
            {
                case "ready":
                    isReady = true;
                    if (!run.Screen.IsTerminal || run.IsJson)
                    {
                        run.Screen.Note("note: watching; Ctrl+C ends it.");
                    }
                    break;
                case "presence" or "removed" when Take(told, show):
                    return;
            }
        }
    }

    /// <summary>Takes what was told of a person; true: that was what was waited for.</summary>
    private bool Take(LiveTold told, Action<KnownPerson, JsonObject, bool> show)
    {
        var sequence = (string?)told.Data["sequenceNumber"];
        // A change may be told in the present state and once more after it.
        if (sequences.TryGetValue(told.PersonId, out var known) && known == sequence)
        {
            return false;
        }
        sequences[told.PersonId] = sequence;
        var person = names.GetValueOrDefault(told.PersonId, new(told.PersonId, "", ""));
        show(person, told.Data, isReady);
        changes += isReady ? 1 : 0;
        return changes == bounds.Count
            || bounds.IsMetBy((string?)told.Data["availability"], (string?)told.Data["activity"]);
    }

    private void Print(KnownPerson person, JsonObject presence, bool isChange)
    {
        if (!isChange)
        {
            return;
        }
        var isRemoved = presence["availability"] is null;
        if (run.IsJson)
        {
            var line = Presences.Json(person, presence);
            if (isRemoved)
            {
                line["isRemoved"] = true;
            }
            run.Screen.Line(line);
        }
        else
        {
            var (availability, activity) = (presence["availability"], presence["activity"]);
            run.Screen.Line(
                $"{run.Shell.Time.GetUtcNow():HH:mm:ss}Z  {person.Title}  "
                    + (isRemoved ? "removed" : $"{availability}/{activity}")
            );
        }
        run.Shell.Output.Flush();
    }

    /// <summary>Names are for people to read; without the directory's permissions there are none.</summary>
    private async Task<IReadOnlyList<KnownPerson>> NamesAsync(CancellationToken cancel)
    {
        try
        {
            return await run.People.ListAsync(NamesMax, cancel);
        }
        catch (CommandFailedException barred) when (barred.Status is not null)
        {
            return [];
        }
    }
}
