using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Jsonc;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Seed;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// Begins anew: back to the seed, back to a snapshot that was taken under a name, or on with what a seed file adds. Each
/// replacement is one entry of the journal (<see cref="StateReplacement"/>), so it can be done while requests come in.
/// </summary>
internal sealed class ControlState(GraphServer server, TestTools tools, SnapshotFolder snapshots)
{
    /// <summary>Faults of a seed that one answer names.</summary>
    public const int FaultsNamedMax = 20;

    private Node Node => server.Node;

    /// <summary>The routes of the whole state.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "POST",
                "/control/reset",
                "Back to the seed; faults and requests are forgotten too.",
                (call, _) => ResetAsync(call)
            ),
            new(
                "POST",
                "/control/seed",
                "Takes a seed file in; ?replace=true in place of everything.",
                (call, _) => SeedAsync(call)
            ),
            new("GET", "/control/snapshots", "The snapshots that were taken.", (call, _) => List(call)),
            new("PUT", "/control/snapshots/{key}", "Keeps the state as it is now under a name.", Take),
            new("POST", "/control/snapshots/{key}/restore", "Back to the state of that name.", RestoreAsync),
            new("DELETE", "/control/snapshots/{key}", "Forgets a snapshot.", Remove),
        ];

    private async ValueTask<Refusal?> ResetAsync(GraphCall call)
    {
        IReadOnlyList<byte[]> parts;
        try
        {
            var seed = Seeding.Read(Node.State.Clock.Now, server.Options);
            await (seed?.StorePicturesAsync(server.Photos) ?? Task.CompletedTask);
            parts = seed is null ? [] : [.. seed.Payloads];
        }
        catch (StartRefusedException unreadable)
        {
            return new Refusal(RefusalKind.BadRequest, unreadable.Message);
        }
        return await ReplaceAsync(call, StateReplacement.Pack(parts));
    }

    private async ValueTask<Refusal?> SeedAsync(GraphCall call)
    {
        using var body = await BodyReader.ReadAsync(call.Http.Request, call.Http.RequestAborted);
        if (body.Refusal is not null)
        {
            return body.Refusal;
        }
        var faults = new List<JsoncFault>();
        if (SeedFile.Read(body.Bytes.Span, Node.State.Clock.Now, faults) is not { } state)
        {
            return new Refusal(RefusalKind.InvalidArgument, $"The seed{faults[0]}")
            {
                Details = [.. faults.Take(FaultsNamedMax).Select(fault => new RefusalDetail("seed", $"{fault}"))],
            };
        }
        var seed = new Seeding.Seed(state, System.Security.Cryptography.SHA256.HashData(body.Bytes.Span));
        if (call.Http.Request.Query["replace"] == "true")
        {
            return await ReplaceAsync(call, StateReplacement.Pack(seed.Payloads));
        }
        return await Seeding.AppendAsync(Node, seed.Payloads, call.Http.RequestAborted) is { } refused
            ? new Refusal(
                RefusalKind.BadRequest,
                $"Something of the seed does not fit what is there, and was left out: {refused}."
            )
            : Answer(call);
    }

    private async ValueTask<Refusal?> ReplaceAsync(GraphCall call, byte[]? payload)
    {
        if (payload is null)
        {
            return new Refusal(
                RefusalKind.LimitReached,
                $"The state takes more than {StateReplacement.PayloadBytesMax} bytes, packed, and one entry no more: "
                    + "begin with another data directory."
            );
        }
        await Node.AppendAsync(payload);
        tools.Clear();
        server.Throttle.Clear();
        return Answer(call);
    }

    private ValueTask<Refusal?> Take(GraphCall call, string name)
    {
        if (SnapshotFolder.CheckName(name) is { } wrong)
        {
            return new(wrong);
        }
        // The writer waits only while the state is read; packing takes longer.
        var (parts, at, people) = Node.Between(state =>
            (StateReplacement.PayloadsOf(state).ToArray(), state.Board.Now, state.Board.People)
        );
        var taken = StateReplacement.Pack(parts);
        if (taken is null)
        {
            return new(new Refusal(RefusalKind.LimitReached, "The state is too large for a snapshot under a name."));
        }
        if (!snapshots.TryKeep(name, at, people, taken))
        {
            return new(
                new Refusal(RefusalKind.LimitReached, $"{SnapshotFolder.SnapshotsMax} snapshots are kept already.")
            );
        }
        return new(Answer(call));
    }

    private async ValueTask<Refusal?> RestoreAsync(GraphCall call, string name) =>
        SnapshotFolder.CheckName(name)
        ?? (
            snapshots.Read(name) is { } payload
                ? await ReplaceAsync(call, payload)
                : new Refusal(RefusalKind.NotFound, $"There is no intact snapshot named '{name}'.")
        );

    private ValueTask<Refusal?> Remove(GraphCall call, string name) =>
        SnapshotFolder.CheckName(name) is { } wrong ? new(wrong)
        : snapshots.Remove(name) ? ControlBody.Done(call)
        : new(new Refusal(RefusalKind.NotFound, $"There is no snapshot named '{name}'."));

    private ValueTask<Refusal?> List(GraphCall call)
    {
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var kept in snapshots.All())
                {
                    json.WriteStartObject();
                    json.WriteString("name", kept.Name);
                    json.WriteString("takenDateTime", kept.At.ToString());
                    json.WriteNumber("people", kept.People);
                    json.WriteNumber("bytes", kept.Bytes);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private Refusal? Answer(GraphCall call)
    {
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteNumber("people", server.Board.People);
                json.WriteNumber("position", Node.State.Position);
            }
        );
        return null;
    }
}
