using System.Globalization;
using System.Text.Json;
using OpenPresence.Engine;
using OpenPresence.Server.Calendar;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Reads Graph's <c>dateTimeTimeZone</c>: a local date and time without offset, and the zone it is meant in by
/// its Windows or IANA name. The answer is an instant, so nothing that depends on zone tables is journalled.
/// </summary>
public static class DateTimeTimeZoneBody
{
    private static readonly string[] LocalFormats = ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFF", "yyyy-MM-dd'T'HH:mm"];

    private static readonly System.Buffers.SearchValues<char> Signs = System.Buffers.SearchValues.Create("+-");

    /// <summary>The instant that the object means; null and a fault when it means none.</summary>
    /// <param name="body">Takes the faults.</param>
    /// <param name="value">An object with dateTime and timeZone; without a zone it is UTC.</param>
    /// <param name="path">Where the object stands, for messages.</param>
    public static Instant? Read(ActionBody body, JsonElement value, string path)
    {
        var members = body.Members(value, path, "dateTime", "timeZone");
        var text = body.Text(members[0], $"{path}.dateTime");
        var zoneName = body.Text(members[1], $"{path}.timeZone") ?? "UTC";
        // The schema says without offset; SDKs that hold a UTC value write its Z all the same.
        var isUtc = text is [.., 'Z'];
        if (!TryReadLocal(isUtc ? text![..^1] : text, out var local))
        {
            body.Fault($"{path}.dateTime", FaultOf(text));
            return null;
        }
        if (!TimeZones.TryFind(isUtc ? "UTC" : zoneName, out var zone))
        {
            body.Fault($"{path}.timeZone", "The provided [TimeZone] is neither a Windows nor an IANA time zone name.");
            return null;
        }
        return TimeZones.At(local, zone);
    }

    private static bool TryReadLocal(string? text, out DateTime local) =>
        DateTime.TryParseExact(
            text is null ? null : SecondFractions.Cut(text),
            LocalFormats,
            CultureInfo.InvariantCulture,
            DateTimeStyles.None,
            out local
        );

    private static string FaultOf(string? text) =>
        OffsetIn(text) is { Length: > 0 } offset
            ? $"The provided [DateTime] ends in the offset '{offset}': give the local time without it, and name its "
                + "zone in [TimeZone]."
            : "The provided [DateTime] must be a date and time such as 2026-08-27T17:00:00.";

    /// <summary>The sign and what follows it, behind a time that can be read; empty: there is none.</summary>
    private static string OffsetIn(string? text)
    {
        var time = text?.IndexOf('T', StringComparison.Ordinal) ?? -1;
        var sign = time < 0 ? -1 : text.AsSpan(time).IndexOfAny(Signs);
        return sign >= 0 && TryReadLocal(text![..(time + sign)], out _) && text.Length - time - sign <= "+00:00".Length
            ? text[(time + sign)..]
            : "";
    }
}
