using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Journal;

namespace OpenPresence.Server.DevTools;

/// <summary>Begins and ends scenarios, and says how far one is.</summary>
public sealed class ControlActors(GraphServer server, ControlClock clock)
{
    /// <summary>While the clock runs, steps come so exactly.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);

    private Task playing = Task.CompletedTask;

    /// <summary>The routes of actors.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new("GET", "/control/actors", "How far the scenario is.", (call, _) => new(Answer(call))),
            new(
                "PUT",
                "/control/actors",
                "Begins a scenario, in the place of another one.",
                (call, _) => BeginAsync(call)
            ),
            new("DELETE", "/control/actors", "Ends the scenario; what was done stays.", (call, _) => EndAsync(call)),
        ];

    private async ValueTask<Refusal?> BeginAsync(GraphCall call)
    {
        using var body = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted);
        if (body.Refusal is not null)
        {
            return body.Refusal;
        }
        if (ActorScenario.Read(body.Bytes.Span, FindPerson, out var faults) is not { } steps)
        {
            return new Refusal(RefusalKind.InvalidArgument, $"The scenario{faults[0]}")
            {
                Details =
                [
                    .. faults
                        .Take(ControlState.FaultsNamedMax)
                        .Select(fault => new RefusalDetail("scenario", $"{fault}")),
                ],
            };
        }
        await clock.InTurnAsync(
            async now =>
            {
                clock.Actors.Begin(steps, now);
                await clock.Actors.RunDueAsync(now);
            },
            call.Http.RequestAborted
        );
        if (playing.IsCompleted)
        {
            playing = PlayAsync();
        }
        return Answer(call);
    }

    private async ValueTask<Refusal?> EndAsync(GraphCall call)
    {
        await clock.InTurnAsync(
            _ =>
            {
                clock.Actors.End();
                return Task.CompletedTask;
            },
            call.Http.RequestAborted
        );
        return await ControlBody.Done(call);
    }

    /// <summary>Looks whether a step has come, until there is none or the node stops.</summary>
    private async Task PlayAsync()
    {
        using var timer = new PeriodicTimer(LookEvery, server.Time);
        while (clock.Actors.NextDueAt is not null && !server.Node.Stopped.IsCompleted)
        {
            await timer.WaitForNextTickAsync();
            try
            {
                await clock.InTurnAsync(clock.Actors.RunDueAsync, CancellationToken.None);
            }
            catch (JournalUnavailableException)
            {
                // Time stands still, and so do they.
            }
        }
    }

    private Guid? FindPerson(string name) =>
        Guid.TryParseExact(name, "D", out var id)
            ? server.Board.TryGetTenantOf(id, out _)
                ? id
                : null
            : server.Directory.TryGetPerson(name, out var person)
                ? person.Id
                : null;

    private Refusal? Answer(GraphCall call)
    {
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteNumber("steps", clock.Actors.Steps);
                json.WriteNumber("done", clock.Actors.Done);
                if (clock.Actors.NextDueAt is { } due)
                {
                    json.WriteString("nextStepDateTime", due.ToString());
                }
                else
                {
                    json.WriteNull("nextStepDateTime");
                }
            }
        );
        return null;
    }
}
