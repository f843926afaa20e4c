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
            NameFault(body, "availability", availability, allowed);
        }
        if (faults.HasFlag(PairFaults.UnknownActivity))
        {
            NameFault(body, "activity", activity, allowed);
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
        if (!TryReadDuration(text, out var duration))
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

    /// <summary>
    /// The schema's Duration has days, hours, minutes and seconds; the weeks that ISO 8601 has too are not of it (CSDL, C).
    /// </summary>
    private static bool TryReadDuration(string text, out TimeSpan duration)
    {
        duration = default;
        return !text.Contains('W', StringComparison.Ordinal)
            && Jsonc.IsoDuration.TryParse(SecondFractions.Cut(text), out duration);
    }

    private static void NameFault(ActionBody body, string member, string? text, string allowed)
    {
        if (text is null)
        {
            RequiredMember.Fault(body, member, $"Allowed pairs: {allowed}.");
        }
        else
        {
            body.Fault(member, $"The provided [{ActionBody.Pascal(member)}] is not valid; allowed pairs: {allowed}.");
        }
    }
}
