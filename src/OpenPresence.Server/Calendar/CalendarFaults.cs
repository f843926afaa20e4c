using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Calendar;

/// <summary>What is wrong with a calendar, each with its line; a wrong calendar changes nothing.</summary>
public sealed class CalendarFaults
{
    private readonly List<RefusalDetail> faults = [];

    /// <summary>Whether anything is wrong.</summary>
    public bool Any => faults.Count > 0;

    /// <summary>Whether no more faults are kept, so that reading on is of no use.</summary>
    public bool IsFull => faults.Count >= CalendarLimits.FaultsMax;

    /// <summary>Names a fault.</summary>
    /// <param name="line">The line of the body, from 1.</param>
    /// <param name="message">A sentence that names the property.</param>
    public void Add(int line, string message)
    {
        if (!IsFull)
        {
            faults.Add(new($"line {line}", $"Line {line}: {message}"));
        }
    }

    /// <summary>The refusal that names every fault, in the order of the lines.</summary>
    public Refusal ToRefusal()
    {
        RefusalDetail[] ordered = [.. faults.OrderBy(fault => int.Parse(fault.Code.AsSpan(5)))];
        return new Refusal(RefusalKind.InvalidArgument, ordered[0].Message)
        {
            Target = ordered[0].Code,
            Details = ordered.Length == 1 ? [] : ordered,
        };
    }

    /// <summary>A caller's text, short enough for a message.</summary>
    public static string Echo(string text) =>
        text.Length <= CalendarLimits.EchoCharsMax ? text : text[..CalendarLimits.EchoCharsMax] + "…";
}
