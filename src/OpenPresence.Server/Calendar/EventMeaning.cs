using OpenPresence.Engine;

namespace OpenPresence.Server.Calendar;

/// <summary>
/// What an event says of a person's presence. X-MICROSOFT-CDO-BUSYSTATUS decides where it stands, since it says
/// most; without it TRANSP and STATUS do, as RFC 5545 has them. A tentative event shows nothing:
/// nobody has said that they will be there, and a call of theirs will show by itself.
/// </summary>
public static class EventMeaning
{
    /// <summary>The category that makes a busy event a focus time, in any letter case.</summary>
    public const string FocusCategory = "Focus time";

    /// <summary>The kind of its spans; null: it says nothing. Unknown words are faults.</summary>
    public static CalendarSpanKind? Of(IReadOnlyList<ContentLine> lines, CalendarFaults faults)
    {
        var status = Word(lines, "STATUS", faults, "CONFIRMED", "TENTATIVE", "CANCELLED");
        var transparency = Word(lines, "TRANSP", faults, "OPAQUE", "TRANSPARENT");
        var busy = Word(
            lines,
            "X-MICROSOFT-CDO-BUSYSTATUS",
            faults,
            "BUSY",
            "FREE",
            "TENTATIVE",
            "OOF",
            "WORKINGELSEWHERE"
        );
        if (status == "CANCELLED")
        {
            return null;
        }
        busy ??=
            transparency == "TRANSPARENT" ? "FREE"
            : status == "TENTATIVE" ? "TENTATIVE"
            : "BUSY";
        return busy switch
        {
            "BUSY" => IsFocus(lines) ? CalendarSpanKind.Focus : CalendarSpanKind.Meeting,
            "OOF" => CalendarSpanKind.OutOfOffice,
            "WORKINGELSEWHERE" => CalendarSpanKind.Place,
            _ => null,
        };
    }

    private static bool IsFocus(IReadOnlyList<ContentLine> lines) =>
        lines
            .Where(line => line.Name == "CATEGORIES")
            .SelectMany(line => line.Value.Split(','))
            .Any(category => category.Trim().Equals(FocusCategory, StringComparison.OrdinalIgnoreCase));

    private static string? Word(
        IReadOnlyList<ContentLine> lines,
        string name,
        CalendarFaults faults,
        params string[] words
    )
    {
        var line = lines.FirstOrDefault(line => line.Name == name);
        if (line is null)
        {
            return null;
        }
        var word = line.Value.Trim().ToUpperInvariant();
        if (!words.Contains(word, StringComparer.Ordinal))
        {
            faults.Add(line.Number, $"{name}:{CalendarFaults.Echo(word)} is not read; {string.Join(", ", words)} are.");
        }
        return word;
    }
}
