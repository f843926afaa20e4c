using System.Collections.Immutable;

namespace OpenPresence.Server.DevTools;

/// <summary>
/// The faults of one kind that are set. Whoever may be met asks it first whether there are any: while none is set,
/// that is one look at a null.
/// </summary>
/// <param name="kind">What their ids begin with.</param>
public abstract class FaultList<TFault>(string kind)
    where TFault : CountedFault
{
    /// <summary>So many can be set at once.</summary>
    public const int FaultsMax = 100;

    private readonly Lock gate = new();
    private ImmutableArray<TFault>? faults;
    private int lastId;

    /// <summary>Whether any is set.</summary>
    public bool IsAny => faults is not null;

    /// <summary>Those that are set, in the order in which they are asked.</summary>
    public IReadOnlyList<TFault> All => faults ?? [];

    /// <summary>Told when some were taken away.</summary>
    public Action? Removed { get; set; }

    /// <summary>Sets one, made for the id that it gets; null: as many are set as can be.</summary>
    public TFault? Add(Func<string, TFault> make)
    {
        lock (gate)
        {
            if (All.Count == FaultsMax)
            {
                return null;
            }
            var fault = make($"{kind}-{++lastId}");
            faults = [.. All, fault];
            return fault;
        }
    }

    /// <summary>Takes one away; false: there is none of that id.</summary>
    public bool Remove(string id)
    {
        lock (gate)
        {
            var left = All.Where(fault => fault.Id != id).ToImmutableArray();
            if (left.Length == All.Count)
            {
                return false;
            }
            faults = left.IsEmpty ? null : left;
        }
        Removed?.Invoke();
        return true;
    }

    /// <summary>Takes all away.</summary>
    public void Clear()
    {
        lock (gate)
        {
            faults = null;
        }
        Removed?.Invoke();
    }
}
