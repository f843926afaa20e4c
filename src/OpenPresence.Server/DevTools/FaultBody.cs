using System.Text.Json;
using System.Xml;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.DevTools;

/// <summary>What faults of all kinds have in common where they are read and written.</summary>
internal static class FaultBody
{
    private const int NumberMax = 1_000_000;

    /// <summary>The members skip, count, probability and seed, in this order.</summary>
    public static FaultOdds Odds(ActionBody body, ReadOnlySpan<JsonElement?> values) =>
        new()
        {
            Skip = ControlBody.Number(body, values[0], "skip", 0, NumberMax) ?? 0,
            Count = ControlBody.Number(body, values[1], "count", 1, NumberMax),
            Probability = Probability(body, values[2]),
            Seed = ControlBody.Number(body, values[3], "seed", 0, int.MaxValue) ?? 1,
        };

    /// <summary>The member delay; zero when it is absent or wrong.</summary>
    public static TimeSpan Delay(ActionBody body, JsonElement? value, TimeSpan delayMax)
    {
        if (body.Text(value, "delay") is not { } text)
        {
            return TimeSpan.Zero;
        }
        if (IsoDuration.TryParse(text, out var delay) && delay > TimeSpan.Zero && delay <= delayMax)
        {
            return delay;
        }
        body.Fault("delay", $"An ISO 8601 duration above PT0S, and {XmlConvert.ToString(delayMax)} at most.");
        return TimeSpan.Zero;
    }

    /// <summary>Answers 201 with the fault that was set; refuses when there was no room for it.</summary>
    public static Refusal? Answer<TFault>(GraphCall call, TFault? set, Action<Utf8JsonWriter, TFault> write)
        where TFault : CountedFault
    {
        if (set is null)
        {
            return new Refusal(RefusalKind.LimitReached, $"{FaultList<TFault>.FaultsMax} faults are set already.");
        }
        call.Http.Response.StatusCode = StatusCodes.Status201Created;
        JsonAnswer.Write(call, null, json => write(json, set));
        return null;
    }

    /// <summary>Lists those that are set.</summary>
    public static ValueTask<Refusal?> List<TFault>(
        GraphCall call,
        FaultList<TFault> faults,
        Action<Utf8JsonWriter, TFault> write
    )
        where TFault : CountedFault
    {
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var fault in faults.All)
                {
                    json.WriteStartObject();
                    write(json, fault);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    /// <summary>Takes all away.</summary>
    public static ValueTask<Refusal?> Clear<TFault>(GraphCall call, FaultList<TFault> faults)
        where TFault : CountedFault
    {
        faults.Clear();
        return ControlBody.Done(call);
    }

    /// <summary>Takes one away.</summary>
    public static ValueTask<Refusal?> Remove<TFault>(GraphCall call, FaultList<TFault> faults, string id)
        where TFault : CountedFault =>
        faults.Remove(id)
            ? ControlBody.Done(call)
            : new(new Refusal(RefusalKind.NotFound, "There is no such fault; GET lists them."));

    /// <summary>Writes the odds, and what they came to.</summary>
    public static void Write(Utf8JsonWriter json, CountedFault fault)
    {
        json.WriteNumber("skip", fault.Odds.Skip);
        ControlBody.Optional(json, "count", fault.Odds.Count);
        json.WriteNumber("probability", fault.Odds.Probability);
        json.WriteNumber("seed", fault.Odds.Seed);
        json.WriteNumber("matched", fault.Seen);
        json.WriteNumber("met", fault.Met);
    }

    /// <summary>Writes a delay, if there is one.</summary>
    public static void Write(Utf8JsonWriter json, TimeSpan delay)
    {
        if (delay > TimeSpan.Zero)
        {
            json.WriteString("delay", XmlConvert.ToString(delay));
        }
    }

    private static double Probability(ActionBody body, JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
        {
            return 1;
        }
        if (given.ValueKind == JsonValueKind.Number && given.TryGetDouble(out var chance) && chance is > 0 and <= 1)
        {
            return chance;
        }
        body.Fault("probability", "A number above 0, and 1 at most.");
        return 1;
    }
}
