using System.Collections.Immutable;
using static OpenPresence.Server.Calendar.RecurrenceFrequency;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// Reads RRULE. Every part is either understood or a fault: a rule of which a part was passed over would show
/// meetings that do not take place.
/// </summary>
public sealed class RecurrenceRuleReader(ContentLine line, EventTime start, CalendarZones zones, CalendarFaults faults)
{
    private static readonly string[] Days = ["SU", "MO", "TU", "WE", "TH", "FR", "SA"];
    private static readonly string[] Frequencies = ["DAILY", "WEEKLY", "MONTHLY", "YEARLY"];

    private readonly Dictionary<string, string> parts = new(StringComparer.Ordinal);
    private bool isFaulty;

    /// <summary>The rule; null when a part is at fault.</summary>
    public RecurrenceRule? Read()
    {
        foreach (var part in line.Value.ToUpperInvariant().Split(';'))
        {
            var equals = part.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || !parts.TryAdd(part[..equals].Trim(), part[(equals + 1)..].Trim()))
            {
                Fault($"'{CalendarFaults.Echo(part)}' is no part, or stands twice.");
                return null;
            }
        }
        var frequency = Take("FREQ");
        var known = Array.IndexOf(Frequencies, frequency);
        if (known < 0)
        {
            Fault($"FREQ={CalendarFaults.Echo(frequency ?? "")} is not read; {string.Join(", ", Frequencies)} are.");
            return null;
        }
        var rule = ReadEnd(new RecurrenceRule((RecurrenceFrequency)known)) with
        {
            Interval = Number("INTERVAL", RecurrenceRule.IntervalMax) ?? 1,
            Months = Numbers("BYMONTH", 12, isSigned: false),
            MonthDays = Numbers("BYMONTHDAY", 31, isSigned: true),
            WeekDays = WeekDays(),
            Positions = Numbers("BYSETPOS", 366, isSigned: true),
            WeekStart = Take("WKST") is { } day ? DayOf(day) : DayOfWeek.Monday,
        };
        foreach (var rest in parts.Keys)
        {
            Fault($"{CalendarFaults.Echo(rest)} is not read.");
        }
        CheckTogether(rule);
        return isFaulty ? null : rule;
    }

    private RecurrenceRule ReadEnd(RecurrenceRule rule)
    {
        var count = Number("COUNT", int.MaxValue);
        if (Take("UNTIL") is not { } until)
        {
            return rule with { Count = count };
        }
        if (count is not null)
        {
            Fault("COUNT and UNTIL must not stand together.");
        }
        if (EventTime.Read(line, until, zones, faults) is not { } end)
        {
            isFaulty = true;
            return rule;
        }
        // Without Z it is meant where the event is. Days and times mixed, which programs write: the date counts.
        var zone = until.EndsWith('Z') ? end.Zone : start.Zone;
        return start.IsDate || end.IsDate
            ? rule with
            {
                UntilDate = end.Date,
            }
            : rule with
            {
                UntilAt = (end with { Zone = zone }).At,
            };
    }

    private ImmutableArray<(int, DayOfWeek)> WeekDays()
    {
        if (Take("BYDAY") is not { } text)
        {
            return [];
        }
        var days = new HashSet<(int, DayOfWeek)>();
        foreach (var item in text.Split(','))
        {
            var name = item.Length >= 2 ? item[^2..] : item;
            var ordinal = 0;
            if (item.Length > 2 && !IsNumber(item[..^2], 53, isSigned: true, out ordinal))
            {
                Fault($"BYDAY: '{CalendarFaults.Echo(item)}' is no day such as MO, 2TU or -1FR.");
            }
            days.Add((ordinal, DayOf(name)));
        }
        return [.. days];
    }

    private DayOfWeek DayOf(string name)
    {
        var day = Array.IndexOf(Days, name);
        if (day < 0)
        {
            Fault($"'{CalendarFaults.Echo(name)}' is no day; {string.Join(", ", Days)} are.");
        }
        return (DayOfWeek)Math.Max(day, 0);
    }

    private int? Number(string name, int max)
    {
        if (Take(name) is not { } text)
        {
            return null;
        }
        if (!IsNumber(text, max, isSigned: false, out var number))
        {
            Fault($"{name}={CalendarFaults.Echo(text)} is not a number from 1 to {max}.");
        }
        return number;
    }

    private ImmutableArray<int> Numbers(string name, int max, bool isSigned)
    {
        if (Take(name) is not { } text)
        {
            return [];
        }
        var numbers = new HashSet<int>();
        foreach (var item in text.Split(','))
        {
            if (!IsNumber(item, max, isSigned, out var number))
            {
                Fault(
                    $"{name}: '{CalendarFaults.Echo(item)}' is not a number from 1 to {max}{(isSigned ? ", or the same with a minus" : "")}."
                );
            }
            numbers.Add(number);
        }
        return [.. numbers];
    }

    private static bool IsNumber(string text, int max, bool isSigned, out int number)
    {
        var sign = isSigned && text is ['+' or '-', ..] ? text[..1] : "";
        var isRead =
            int.TryParse(text.AsSpan(sign.Length), System.Globalization.NumberStyles.None, null, out number)
            && number >= 1
            && number <= max;
        number = sign == "-" ? -number : number;
        return isRead;
    }

    /// <summary>What RFC 5545 forbids to stand together has no meaning that two programs agree on.</summary>
    private void CheckTogether(RecurrenceRule rule)
    {
        var hasOrdinals = rule.WeekDays.Any(day => day.Ordinal != 0);
        if (hasOrdinals && rule.Frequency is (Daily or Weekly))
        {
            Fault("BYDAY with a number needs FREQ=MONTHLY or YEARLY.");
        }
        if (!rule.MonthDays.IsEmpty && rule.Frequency == Weekly)
        {
            Fault("BYMONTHDAY must not stand with FREQ=WEEKLY.");
        }
        var hasParts = !(rule.Months.IsEmpty && rule.MonthDays.IsEmpty && rule.WeekDays.IsEmpty);
        if (!rule.Positions.IsEmpty && !hasParts)
        {
            Fault("BYSETPOS needs another BY part.");
        }
    }

    private string? Take(string name) => parts.Remove(name, out var value) ? value : null;

    private void Fault(string message)
    {
        isFaulty = true;
        faults.Add(line.Number, $"RRULE: {message}");
    }
}
