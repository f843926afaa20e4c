namespace OpenPresence.Server.DevTools;

/// <summary>How often a fault meets what it matches.</summary>
public sealed record FaultOdds
{
    /// <summary>So many go through first.</summary>
    public int Skip { get; init; }

    /// <summary>So many are met; null: without end.</summary>
    public int? Count { get; init; }

    /// <summary>The chance that one is met, above 0 to 1.</summary>
    public double Probability { get; init; } = 1;

    /// <summary>Where the chance begins, so that a run can be repeated.</summary>
    public int Seed { get; init; } = 1;
}

/// <summary>A fault that is set, with what it has met so far.</summary>
public abstract class CountedFault(string id, FaultOdds odds)
{
    private readonly Lock gate = new();
    private readonly Random chance = new(odds.Seed);
    private int seen;
    private int met;

    /// <summary>By which it is taken away, and named where it met something.</summary>
    public string Id => id;

    public FaultOdds Odds => odds;

    /// <summary>How many it matched.</summary>
    public int Seen => Volatile.Read(ref seen);

    /// <summary>Those of them that it met.</summary>
    public int Met => Volatile.Read(ref met);

    /// <summary>Whether the one that it just matched is met; counts it.</summary>
    protected bool Meets()
    {
        lock (gate)
        {
            if (seen++ < odds.Skip || met >= odds.Count || chance.NextDouble() >= odds.Probability)
            {
                return false;
            }
            met++;
            return true;
        }
    }
}
