using System.Text.Json;
using OpenPresence.Server.Api;
using OpenPresence.Server.Auth;
using OpenPresence.Server.Jsonc;

namespace OpenPresence.Server.Control;

/// <summary>Sets faults, lists them with what they met, and takes them away.</summary>
public sealed class ControlFaults(FaultTable faults)
{
    /// <summary>The longest delay.</summary>
    public static readonly TimeSpan DelayMax = TimeSpan.FromMinutes(5);

    private const int TextCharsMax = 1000;
    private const int NumberMax = 1_000_000;

    /// <summary>The routes of faults.</summary>
    public IEnumerable<ControlRoute> Routes =>
        [
            new(
                "GET",
                "/control/faults",
                "The faults that are set, and what they met.",
                (call, _) => List(call)
            ),
            new(
                "POST",
                "/control/faults",
                "Sets a fault for the requests that match.",
                (call, _) => AddAsync(call)
            ),
            new("DELETE", "/control/faults", "Takes all faults away.", (call, _) => Clear(call)),
            new("DELETE", "/control/faults/{key}", "Takes one fault away.", Remove),
        ];

    private async ValueTask<Refusal?> AddAsync(GraphCall call)
    {
        var (body, refusal) = await ActionBody.ReadAsync(call);
        if (body is null)
        {
            return refusal;
        }
        using (body)
        {
            var (match, effect) = Read(body);
            if (body.Refusal is { } wrong)
            {
                return wrong;
            }
            if (faults.Add(match, effect) is not { } rule)
            {
                return new Refusal(
                    RefusalKind.LimitReached,
                    $"{FaultTable.FaultsMax} faults are set already."
                );
            }
            call.Http.Response.StatusCode = StatusCodes.Status201Created;
            JsonAnswer.Write(call, null, json => Write(json, rule));
            return null;
        }
    }

    private static (FaultMatch, FaultEffect) Read(ActionBody body)
    {
        var values = body.Members(
            "operation",
            "method",
            "applicationId",
            "userId",
            "skip",
            "count",
            "probability",
            "seed",
            "delay",
            "status",
            "code",
            "message",
            "retryAfterSeconds",
            "drop",
            "afterwards",
            "malformed"
        );
        var match = new FaultMatch
        {
            Operation = OperationOf(body, body.Text(values[0], "operation")),
            Method = body.Text(values[1], "method"),
            ApplicationId = ControlBody.Id(body, values[2], "applicationId"),
            UserId = ControlBody.Id(body, values[3], "userId"),
            Skip = ControlBody.Number(body, values[4], "skip", 0, NumberMax) ?? 0,
            Count = ControlBody.Number(body, values[5], "count", 1, NumberMax),
            Probability = Probability(body, values[6]),
            Seed = ControlBody.Number(body, values[7], "seed", 0, int.MaxValue) ?? 1,
        };
        var effect = new FaultEffect
        {
            Delay = Delay(body, body.Text(values[8], "delay")),
            Status = ControlBody.Number(body, values[9], "status", 400, 599),
            Code = Bounded(body, body.Text(values[10], "code"), "code"),
            Message = Bounded(body, body.Text(values[11], "message"), "message"),
            RetryAfterSeconds = ControlBody.Number(body, values[12], "retryAfterSeconds", 0, 3600),
            Drop = ControlBody.Flag(body, values[13], "drop"),
            Afterwards = ControlBody.Flag(body, values[14], "afterwards"),
            Malformed = ControlBody.Flag(body, values[15], "malformed"),
        };
        var answers =
            (effect.Status is null ? 0 : 1) + (effect.Drop ? 1 : 0) + (effect.Malformed ? 1 : 0);
        if (answers > 1 || (answers == 0 && effect.Delay == TimeSpan.Zero))
        {
            body.Fault(
                "status",
                "One of status, drop and malformed says how it fails; a delay may come first, or stand alone."
            );
        }
        return (match, effect);
    }

    private static Operation? OperationOf(ActionBody body, string? name)
    {
        if (name is null)
        {
            return null;
        }
        if (
            Enum.TryParse<Operation>(name, ignoreCase: true, out var operation)
            && char.IsLetter(name[0])
        )
        {
            return operation;
        }
        var known = Enum.GetNames<Operation>().Select(JsonNamingPolicy.CamelCase.ConvertName);
        body.Fault("operation", $"Unknown; there are {string.Join(", ", known)}.");
        return null;
    }

    private static double Probability(ActionBody body, JsonElement? value)
    {
        if (value is not { ValueKind: not JsonValueKind.Null } given)
        {
            return 1;
        }
        if (
            given.ValueKind == JsonValueKind.Number
            && given.TryGetDouble(out var chance)
            && chance is > 0 and <= 1
        )
        {
            return chance;
        }
        body.Fault("probability", "A number above 0, and 1 at most.");
        return 1;
    }

    private static TimeSpan Delay(ActionBody body, string? text)
    {
        if (text is null)
        {
            return TimeSpan.Zero;
        }
        if (IsoDuration.TryParse(text, out var delay) && delay > TimeSpan.Zero && delay <= DelayMax)
        {
            return delay;
        }
        body.Fault("delay", "An ISO 8601 duration above PT0S, and PT5M at most.");
        return TimeSpan.Zero;
    }

    private static string? Bounded(ActionBody body, string? text, string member)
    {
        if (text?.Length > TextCharsMax)
        {
            body.Fault(member, $"At most {TextCharsMax} characters.");
        }
        return text;
    }

    private ValueTask<Refusal?> List(GraphCall call)
    {
        JsonAnswer.Write(
            call,
            null,
            json =>
            {
                json.WriteStartArray("value");
                foreach (var rule in faults.All)
                {
                    json.WriteStartObject();
                    Write(json, rule);
                    json.WriteEndObject();
                }
                json.WriteEndArray();
            }
        );
        return default;
    }

    private ValueTask<Refusal?> Clear(GraphCall call)
    {
        faults.Clear();
        return ControlBody.Done(call);
    }

    private ValueTask<Refusal?> Remove(GraphCall call, string id) =>
        faults.Remove(id)
            ? ControlBody.Done(call)
            : new(
                new Refusal(
                    RefusalKind.NotFound,
                    "There is no such fault; GET /control/faults lists them."
                )
            );

    private static void Write(Utf8JsonWriter json, FaultRule rule)
    {
        var (match, effect) = (rule.Match, rule.Effect);
        json.WriteString("id", rule.Id);
        ControlBody.Optional(
            json,
            "operation",
            match.Operation is { } o ? JsonNamingPolicy.CamelCase.ConvertName(o.ToString()) : null
        );
        ControlBody.Optional(json, "method", match.Method);
        ControlBody.Optional(json, "applicationId", match.ApplicationId?.ToString());
        ControlBody.Optional(json, "userId", match.UserId?.ToString());
        json.WriteNumber("skip", match.Skip);
        ControlBody.Optional(json, "count", match.Count);
        json.WriteNumber("probability", match.Probability);
        json.WriteNumber("seed", match.Seed);
        if (effect.Delay > TimeSpan.Zero)
        {
            json.WriteString("delay", System.Xml.XmlConvert.ToString(effect.Delay));
        }
        ControlBody.Optional(json, "status", effect.Status);
        ControlBody.Optional(json, "code", effect.Code);
        ControlBody.Optional(json, "message", effect.Message);
        ControlBody.Optional(json, "retryAfterSeconds", effect.RetryAfterSeconds);
        json.WriteBoolean("drop", effect.Drop);
        json.WriteBoolean("afterwards", effect.Afterwards);
        json.WriteBoolean("malformed", effect.Malformed);
        json.WriteNumber("matched", rule.Seen);
        json.WriteNumber("met", rule.Met);
    }
}
