using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Writes an explanation, in words that a person who is surprised by a presence understands.</summary>
public static class ExplanationJson
{
    private const string Pages = "https://learn.microsoft.com";

    /// <summary>Writes the members of the answer.</summary>
    public static void Write(Utf8JsonWriter json, TenantDirectory directory, ExplainedPerson person)
    {
        var explanation = person.Explanation;
        json.WriteString("id", person.Id);
        json.WriteString("asOfDateTime", person.At.ToString());
        WritePair(json, explanation.Presence.Pair);
        json.WriteString("sequenceNumber", Sequence.Text(person.Sequence));
        json.WriteString("sinceDateTime", person.Times.SinceAt.ToString());
        WriteInstant(json, "lastSeenDateTime", LastSeen(person));
        WriteRule(json, explanation.Rule);
        json.WriteStartArray("layers");
        foreach (var layer in explanation.Layers)
        {
            WriteLayer(json, directory, layer, explanation);
        }
        json.WriteEndArray();
        WriteNext(json, person);
    }

    /// <summary>A person who is not Offline is seen right now.</summary>
    private static Instant? LastSeen(ExplainedPerson person) =>
        person.Explanation.Presence.Pair.Availability is Availability.Offline or Availability.PresenceUnknown
            ? person.Times.LastSeenAt
            : person.At;

    private static void WriteRule(Utf8JsonWriter json, RuleRow rule)
    {
        json.WriteStartObject("rule");
        json.WriteString("name", CamelCase(rule.Rule));
        json.WriteString("statement", rule.Statement);
        json.WriteString("grade", CamelCase(rule.Evidence.Grade));
        json.WriteString("source", Pages + rule.Evidence.Source);
        json.WriteEndObject();
    }

    private static void WriteLayer(Utf8JsonWriter json, TenantDirectory directory, Layer layer, Explanation explanation)
    {
        json.WriteStartObject();
        json.WriteString("kind", CamelCase(layer.Kind));
        json.WriteString("standing", CamelCase(layer.Standing));
        json.WriteString("reason", ReasonOf(layer, explanation.Rule));
        if (layer.Key is { } key)
        {
            json.WriteString("id", key);
            if (layer.Kind == LayerKind.Application && directory.TryGetApplication(key, out var application))
            {
                json.WriteString("displayName", application.DisplayName);
            }
        }
        if (layer.Shows is { } shows)
        {
            WritePair(json, shows);
        }
        if (layer.Said is { } said && said != layer.Shows)
        {
            json.WriteStartObject("beforeFading");
            WritePair(json, said);
            json.WriteEndObject();
        }
        WriteInstant(json, "setDateTime", layer.SinceAt);
        WriteInstant(json, "expiryDateTime", layer.EndsAt);
        json.WriteEndObject();
    }

    private static string ReasonOf(Layer layer, RuleRow rule) =>
        (layer.Standing, layer.Kind) switch
        {
            (LayerStanding.Waiting, _) => "It counts only beside a session, and there is none.",
            (LayerStanding.Shown, LayerKind.OutOfOffice) => rule.Statement,
            (LayerStanding.Shown, _) => "It decides what is shown.",
            (_, LayerKind.OutOfOffice) => "Out of office changes Available alone.",
            _ when rule.Rule == MergeRule.Preferred => "The preferred presence hides every session.",
            _ => "A more significant one is shown.",
        };

    private static void WriteNext(Utf8JsonWriter json, ExplainedPerson person)
    {
        if (person is not { NextAt: { } at, Next: { } next })
        {
            json.WriteNull("next");
            return;
        }
        json.WriteStartObject("next");
        json.WriteString("dateTime", at.ToString());
        WritePair(json, next.Pair);
        json.WriteString("rule", CamelCase(next.Rule));
        json.WriteEndObject();
    }

    private static void WritePair(Utf8JsonWriter json, PresencePair pair)
    {
        json.WriteString("availability", PairNames.Of(pair.Availability));
        json.WriteString("activity", PairNames.Of(pair.Activity));
    }

    private static void WriteInstant(Utf8JsonWriter json, string name, Instant? at)
    {
        if (at is { } known)
        {
            json.WriteString(name, known.ToString());
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string CamelCase<T>(T word)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(word.ToString());
}
