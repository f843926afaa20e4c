using NodaTime;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// The time zones of one calendar. A TZID counts by what it names, an IANA or a Windows zone, and not by the
/// rules that its VTIMEZONE spells out: programs write these shortened and out of date. An id of a
/// program's own counts when its VTIMEZONE says the place (X-LIC-LOCATION), or when it ends with one
/// (<c>/mozilla.org/20050126_1/Europe/Berlin</c>). Any other is a fault.
/// </summary>
public sealed class CalendarZones(DateTimeZone personZone, IReadOnlyDictionary<string, string> places)
{
    private readonly Dictionary<string, DateTimeZone?> known = new(StringComparer.Ordinal);

    /// <summary>The person's own: of whole days, and of times without any zone.</summary>
    public DateTimeZone Person { get; } = personZone;

    /// <summary>The zone of an id; null: the id is unknown.</summary>
    public DateTimeZone? Find(string id)
    {
        if (!known.TryGetValue(id, out var zone))
        {
            zone =
                TimeZones.TryFind(id, out var named) ? named
                : places.TryGetValue(id, out var place) && TimeZones.TryFind(place, out named) ? named
                : OfEnding(id);
            known.Add(id, zone);
        }
        return zone;
    }

    private static DateTimeZone? OfEnding(string id)
    {
        if (!id.StartsWith('/'))
        {
            return null;
        }
        // A place has up to three parts: America/Argentina/Ushuaia.
        var at = id.Length;
        DateTimeZone? zone = null;
        for (var parts = 0; parts < PlacePartsMax && at > 0; parts++)
        {
            at = id.LastIndexOf('/', at - 1);
            zone = TimeZones.TryFind(id[(at + 1)..], out var named) ? named : zone;
        }
        return zone;
    }

    private const int PlacePartsMax = 3;
}
