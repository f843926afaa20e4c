using System.Globalization;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Replica;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// The development clock: look, freeze, set, advance, run. A move is an entry of the journal, and a tick that
/// follows it carries the state to the new instant before the caller is answered. So whatever ended, faded or
/// began on the way has happened when the answer comes, each at its own instant, and a restart finds the clock where it
/// was left. The clock never goes back, because the journal does not: there is <c>reset</c> for that.
/// </summary>
/// <remarks>
/// Tokens keep the system's time (see docs/decisions/0005-two-clocks.md): a client whose clock nobody moved must
/// not find its token expired.
/// </remarks>
public sealed class ControlClock(Node node, TimeProvider time) : IDisposable
{
    /// <summary>The longest way that the clock goes at once.</summary>
    public static readonly TimeSpan LeapMax = TimeSpan.FromDays(366);

    private readonly SemaphoreSlim turn = new(1);

    private Instant Now => node.State.Clock.Now;

    private Instant SystemNow => Instant.From(time.GetUtcNow());

    /// <summary>The routes of the clock.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new("GET", "/control/clock", "What the clock shows, and what is due next.", (call, _) => Answer(call)),
            new(
                "POST",
                "/control/clock/freeze",
                "Stops the clock where it stands, or at dateTime.",
                (call, _) => FreezeAsync(call)
            ),
            new("POST", "/control/clock/set", "Sets the clock to dateTime.", (call, _) => SetAsync(call)),
            new("POST", "/control/clock/advance", "Moves the clock on by duration.", (call, _) => AdvanceAsync(call)),
            new(
                "POST",
                "/control/clock/run",
                "Lets the clock run on from where it stands.",
                (call, _) => RunAsync(call)
            ),
        ];

    /// <summary>A part of the server that acts by this clock.</summary>
    public ActorPlayer Actors { get; } = new(node);

    /// <summary>Does something at the instant that the clock shows, while no other caller moves it.</summary>
    public async Task InTurnAsync(Func<Instant, Task> act, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            await act(Later(Now, node.State.Board.Now));
        }
        finally
        {
            turn.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => turn.Dispose();

    private ValueTask<Refusal?> FreezeAsync(GraphCall call) =>
        MoveAsync(
            call,
            ["dateTime"],
            (body, values, now) =>
            {
                var at = body.Text(values[0], "dateTime") is { } text ? DateTime(body, text, now) : now;
                return new(at - SystemNow, at);
            }
        );

    private ValueTask<Refusal?> SetAsync(GraphCall call) =>
        MoveAsync(call, ["dateTime"], (body, values, now) => To(DateTime(body, body.Text(values[0], "dateTime"), now)));

    private ValueTask<Refusal?> AdvanceAsync(GraphCall call) =>
        MoveAsync(
            call,
            ["duration"],
            (body, values, now) =>
            {
                var text = body.Text(values[0], "duration");
                if (text is null || !IsoDuration.TryParse(text, out var by) || by < TimeSpan.Zero || by > LeapMax)
                {
                    body.Fault("duration", "An ISO 8601 duration from PT0S to P366D, such as PT5M.");
                    by = TimeSpan.Zero;
                }
                return To(now + by);
            }
        );

    private ValueTask<Refusal?> RunAsync(GraphCall call) =>
        MoveAsync(call, [], (_, _, now) => new(now - SystemNow, null));

    /// <summary>A frozen clock stays frozen.</summary>
    private NodeClock.Setting To(Instant at) =>
        new(at - SystemNow, node.State.Clock.Current.FrozenAt is null ? null : at);

    private static Instant Later(Instant one, Instant other) => one > other ? one : other;

    private async ValueTask<Refusal?> MoveAsync(
        GraphCall call,
        string[] members,
        Func<ActionBody, JsonElement?[], Instant, NodeClock.Setting> how
    )
    {
        var (body, refusal) = await ActionBody.ReadAsync(call, mayBeEmpty: true);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var values = body.Members(members);
            await turn.WaitAsync(call.Http.RequestAborted);
            try
            {
                var moved = how(body, values, Later(Now, node.State.Board.Now));
                if (body.Refusal is { } wrong)
                {
                    return wrong;
                }
                await CarryAsync(moved);
            }
            finally
            {
                turn.Release();
            }
        }
        return await Answer(call);
    }

    /// <summary>Moves on, and stops on the way wherever an actor does something.</summary>
    private async Task CarryAsync(NodeClock.Setting moved)
    {
        var target = moved.FrozenAt ?? SystemNow + moved.Offset;
        while (Actors.NextDueAt is { } due && due <= target)
        {
            await StandAsync(new(due - SystemNow, due));
            await Actors.RunDueAsync(due);
        }
        await StandAsync(moved);
    }

    private async Task StandAsync(NodeClock.Setting moved)
    {
        await node.AppendAsync(EntryPayload.Of(moved));
        await node.AppendAsync(EntryPayload.Tick);
    }

    private static Instant DateTime(ActionBody body, string? text, Instant now)
    {
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var read))
        {
            body.Fault("dateTime", "An instant such as 2026-08-27T12:00:00Z.");
            return now;
        }
        var at = Instant.From(read);
        if (at < now)
        {
            body.Fault("dateTime", $"Time does not go back: it is {now}. POST /control/reset begins anew.");
        }
        else if (at - now > LeapMax)
        {
            body.Fault("dateTime", $"At most {LeapMax.TotalDays} days ahead: it is {now}.");
        }
        return at;
    }

    private ValueTask<Refusal?> Answer(GraphCall call)
    {
        var (carried, next) = node.Between(state => (state.Board.Now, state.Board.NextDueAt()));
        JsonAnswer.Write(
            call,
            context: null,
            json =>
            {
                json.WriteString("dateTime", Later(Now, carried).ToString());
                json.WriteBoolean("isFrozen", node.State.Clock.Current.FrozenAt is not null);
                json.WriteString("systemDateTime", SystemNow.ToString());
                if (next is { } due)
                {
                    json.WriteString("nextDueDateTime", due.ToString());
                }
                else
                {
                    json.WriteNull("nextDueDateTime");
                }
            }
        );
        return default;
    }
}
