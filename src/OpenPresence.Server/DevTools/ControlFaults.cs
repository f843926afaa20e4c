using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.DevTools;

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
                (call, _) => FaultBody.List(call, faults, Write)
            ),
            new("POST", "/control/faults", "Sets a fault for the requests that match.", (call, _) => AddAsync(call)),
            new("DELETE", "/control/faults", "Takes all faults away.", (call, _) => FaultBody.Clear(call, faults)),
            new(
                "DELETE",
                "/control/faults/{key}",
                "Takes one fault away.",
                (call, key) => FaultBody.Remove(call, faults, key)
            ),
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
            var (match, odds, effect) = Read(body);
            if (body.Refusal is { } wrong)
            {
                return wrong;
            }
            return FaultBody.Answer(call, faults.Add(id => new(id, match, odds, effect)), Write);
        }
    }

    private static (FaultMatch, FaultOdds, FaultEffect) Read(ActionBody body)
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
        };
        var odds = FaultBody.Odds(body, values.AsSpan(4, 4));
        var effect = new FaultEffect
        {
            Delay = FaultBody.Delay(body, values[8], DelayMax),
            Status = ControlBody.Number(body, values[9], "status", 400, 599),
            Code = Bounded(body, body.Text(values[10], "code"), "code"),
            Message = Bounded(body, body.Text(values[11], "message"), "message"),
            RetryAfterSeconds = ControlBody.Number(body, values[12], "retryAfterSeconds", 0, 3600),
            Drop = ControlBody.Flag(body, values[13], "drop"),
            Afterwards = ControlBody.Flag(body, values[14], "afterwards"),
            Malformed = ControlBody.Flag(body, values[15], "malformed"),
        };
        var answers = (effect.Status is null ? 0 : 1) + (effect.Drop ? 1 : 0) + (effect.Malformed ? 1 : 0);
        if (answers > 1 || (answers == 0 && effect.Delay == TimeSpan.Zero))
        {
            body.Fault(
                "status",
                "One of status, drop and malformed says how it fails; a delay may come first, or stand alone."
            );
        }
        return (match, odds, effect);
    }

    private static Operation? OperationOf(ActionBody body, string? name)
    {
        if (name is null)
        {
            return null;
        }
        if (Enum.TryParse<Operation>(name, ignoreCase: true, out var operation) && char.IsLetter(name[0]))
        {
            return operation;
        }
        var known = Enum.GetNames<Operation>().Select(JsonNamingPolicy.CamelCase.ConvertName);
        body.Fault("operation", $"Unknown; there are {string.Join(", ", known)}.");
        return null;
    }

    private static string? Bounded(ActionBody body, string? text, string member)
    {
        if (text?.Length > TextCharsMax)
        {
            body.Fault(member, $"At most {TextCharsMax} characters.");
        }
        return text;
    }

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
        FaultBody.Write(json, rule);
        FaultBody.Write(json, effect.Delay);
        ControlBody.Optional(json, "status", effect.Status);
        ControlBody.Optional(json, "code", effect.Code);
        ControlBody.Optional(json, "message", effect.Message);
        ControlBody.Optional(json, "retryAfterSeconds", effect.RetryAfterSeconds);
        json.WriteBoolean("drop", effect.Drop);
        json.WriteBoolean("afterwards", effect.Afterwards);
        json.WriteBoolean("malformed", effect.Malformed);
    }
}
