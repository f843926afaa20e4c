using NodaTime;
using NodaTime.TimeZones;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// Zones by their IANA or Windows names, resolved to UTC before anything is journalled. The tables are
/// NodaTime's own, so an answer does not depend on what the machine has installed.
/// </summary>
public static class TimeZones
{
    private static readonly TzdbDateTimeZoneSource Source = TzdbDateTimeZoneSource.Default;

    /// <summary>The zone of a name; false: there is none of that name.</summary>
    public static bool TryFind(string name, out DateTimeZone zone)
    {
        var id = Source.WindowsMapping.PrimaryMapping.TryGetValue(name, out var iana) ? iana : name;
        zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(id)!;
        return zone is not null;
    }

    /// <summary>The zone that the directory has for a person; without one UTC.</summary>
    public static DateTimeZone OfPerson(TenantDirectory directory, in Guid id) =>
        directory.TryGetPerson(id, out var person) && TryFind(person.TimeZone, out var zone) ? zone : DateTimeZone.Utc;

    /// <summary>
    /// The instant at which a local time stands in a zone: of two the earlier; one that is skipped counts as
    /// long after the gap began. At either end of the calendar, which clients write for "never", every zone is UTC.
    /// </summary>
    public static Engine.Instant At(DateTime local, DateTimeZone zone) =>
        local.Year is 1 or 9999
            ? new Engine.Instant(local.Ticks)
            : From(zone.AtLeniently(LocalDateTime.FromDateTime(local)).ToInstant());

    /// <summary>The first instant of a date in a zone: midnight, or where clocks skip it, the time after.</summary>
    public static Engine.Instant StartOfDay(DateOnly date, DateTimeZone zone) =>
        From(zone.AtStartOfDay(LocalDate.FromDateOnly(date)).ToInstant());

    /// <summary>The midnight that ends the day of an instant in a zone; an unknown zone counts as UTC.</summary>
    public static Engine.Instant EndOfDay(Engine.Instant now, string zoneName)
    {
        var zone = TryFind(zoneName, out var found) ? found : DateTimeZone.Utc;
        var today = NodaTime.Instant.FromDateTimeOffset(now.ToDateTimeOffset()).InZone(zone).Date;
        return From(zone.AtStartOfDay(today.PlusDays(1)).ToInstant());
    }

    private static Engine.Instant From(NodaTime.Instant instant) => Engine.Instant.From(instant.ToDateTimeOffset());
}
