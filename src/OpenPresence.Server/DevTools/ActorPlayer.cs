using System.Collections.Immutable;
using OpenPresence.Engine;
using OpenPresence.Server.Replica;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Plays a scenario by the node's clock. While the clock runs, each step comes when its instant has come; when the clock is
/// moved, the mover stops at each step on the way (<see cref="ControlClock"/>), so that a day that is passed over in a second is
/// the same day. The caller holds the clock's turn.
/// </summary>
public sealed class ActorPlayer(Node node)
{
    private ImmutableArray<ActorStep> steps = [];
    private Instant beganAt;
    private int next;

    /// <summary>Steps that are done.</summary>
    public int Done => next;

    /// <summary>Steps that there are.</summary>
    public int Steps => steps.Length;

    /// <summary>When the next step comes; null: there is none.</summary>
    public Instant? NextDueAt => next < steps.Length ? beganAt + steps[next].After : null;

    /// <summary>Begins a scenario, in the place of another one.</summary>
    public void Begin(ImmutableArray<ActorStep> scenario, Instant at) => (steps, beganAt, next) = (scenario, at, 0);

    /// <summary>Ends the scenario; what was done stays.</summary>
    public void End() => (steps, next) = ([], 0);

    /// <summary>Does the steps that are due by an instant.</summary>
    public async Task RunDueAsync(Instant now)
    {
        while (NextDueAt <= now)
        {
            var step = steps[next];
            await node.ExecuteAsync(step.PersonId, step.Make(now));
            next++;
        }
    }
}
