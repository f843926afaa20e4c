using OpenPresence.Engine;

namespace OpenPresence.Server.Graph.Presences;

/// <summary>Reads availability, activity and expirationDuration, which several actions share.</summary>
public static class PairBody
{
    /// <summary>The pair, if it may be used so; every fault names the member and what is allowed.</summary>
    public static PresencePair Pair(ActionBody body, string? availability, string? activity, PairUses use)
    {
        var faults = PairCheck.Check(availability, activity, use, out var pair);
        var allowed = PairCheck.Allowed(use);
        if (faults.HasFlag(PairFaults.UnknownAvailability))
        {
            body.Fault("availability", NameFault("Availability", availability, allowed));
        }
        if (faults.HasFlag(PairFaults.UnknownActivity))
        {
            body.Fault("activity", NameFault("Activity", activity, allowed));
        }
        if (faults.HasFlag(PairFaults.NotAllowed))
        {
            body.Fault(
                "activity",
                $"The provided [Availability] and [Activity], {pair}, are not a valid combination; "
                    + $"allowed: {allowed}."
            );
        }
        return pair;
    }

    /// <summary>A duration within a range; <paramref name="absent"/> when it is not given.</summary>
    public static TimeSpan Duration(ActionBody body, string? text, TimeSpan absent, TimeSpan least, TimeSpan most)
    {
        if (text is null)
        {
            return absent;
        }
        if (!Jsonc.IsoDuration.TryParse(text, out var duration))
        {
            body.Fault(
                "expirationDuration",
                "The provided [ExpirationDuration] is not an ISO 8601 duration such as PT1H."
            );
            return absent;
        }
        if (duration < least || duration > most)
        {
            // Graph's own words (msgraph-sdk-dotnet issue 1186, R); the range is ours to add.
            body.Fault("expirationDuration", "The provided [ExpirationDuration] is out of range.");
        }
        return duration;
    }

    private static string NameFault(string member, string? text, string allowed) =>
        $"The provided [{member}] {(text is null ? "is required" : "is not valid")}; " + $"allowed pairs: {allowed}.";
}
