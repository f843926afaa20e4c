using OpenPresence.Engine;
using OpenPresence.Server.Journal.Local;
using OpenPresence.Server.State.Machine;

namespace OpenPresence.Server.Tests.State.Machine;

public sealed class EntryPayloadTests
{
    [Fact]
    public void The_longest_calendar_fits_an_entry()
    {
        var place = new string('\u20ac', EngineLimits.PlaceIdCharactersMax); // three bytes each
        var start = Instant.From(new(2026, 8, 27, 12, 0, 0, TimeSpan.Zero));
        var spans = Enumerable
            .Range(0, EngineLimits.CalendarSpansPerPersonMax)
            .Select(number => new CalendarSpan(
                CalendarSpanKind.Place,
                start + TimeSpan.FromHours(number),
                start + TimeSpan.FromHours(number + 1),
                WorkLocationType.Office,
                place
            ));
        var payload = EntryPayload.Of(Guid.NewGuid(), new SetCalendar([.. spans]));
        var journal = new LocalJournalOptions { Directory = "none" };
        Assert.True(payload.Length <= journal.PayloadBytesMax, $"{payload.Length} bytes");
    }
}
