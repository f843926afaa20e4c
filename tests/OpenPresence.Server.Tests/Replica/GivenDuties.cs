using OpenPresence.Engine;
using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Tests.Replica;

/// <summary>Duties that a test gives and takes.</summary>
internal sealed class GivenDuties : IDuties
{
    private readonly long[] terms = new long[Partitions.Count];
    private long lastTerm;

    public bool Ticks { get; set; }

    public int RulesKnown { get; set; } = Rules.NewestVersion;

    public int Nodes => 1;

    public Action? Changed { get; set; }

    public Func<IReadOnlyList<int>, Task>? GivingUp { get; set; }

    public bool IsSure { get; set; } = true;

    public long TermOf(int partition) => Volatile.Read(ref terms[partition]);

    /// <summary>Begins a term of partitions.</summary>
    public void Gain(params int[] partitions) => Set(partitions, ++lastTerm);

    /// <summary>Ends their terms without a word.</summary>
    public void Lose(params int[] partitions) => Set(partitions, 0);

    /// <summary>Ends their terms and begins others, before anybody has looked.</summary>
    public void LoseAndGain(params int[] partitions)
    {
        SetTerms(partitions, 0);
        Gain(partitions);
    }

    /// <summary>Asks for them back; they are free when the task ends.</summary>
    public async Task HandOverAsync(params int[] partitions)
    {
        await GivingUp!(partitions);
        Lose(partitions);
    }

    public ValueTask DisposeAsync() => default;

    private void Set(int[] partitions, long term)
    {
        SetTerms(partitions, term);
        Changed?.Invoke();
    }

    private void SetTerms(int[] partitions, long term)
    {
        foreach (var partition in partitions)
        {
            Volatile.Write(ref terms[partition], term);
        }
    }
}
