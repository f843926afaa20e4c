using OpenPresence.Bench.Curves;
using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Peers;

/// <summary>Ours and a peer in turns, peer, ours, ours, peer; the ratio of a round, and of the rounds the median.</summary>
internal sealed class Turns(ServerAndCeiling ours, int rounds, CancellationToken cancel)
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Turn = TimeSpan.FromSeconds(2);

    /// <summary>The bytes of our answer's body.</summary>
    public int SizeOf(string answer) => RecordedAnswer.Load(Path.Combine(ours.Requests, $"{answer}.json")).Body.Length;

    /// <summary>The peer's rate, and ours as a ratio to it.</summary>
    public async Task<BenchResult> RunAsync(string name, Func<ServerAndCeiling, ILoad> load, Func<Task<double>> peer)
    {
        var of = load(ours);
        await of.RunAsync(ours.Server, WarmUp, cancel);
        await peer();
        var (rates, ratios) = (new List<double>(), new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            var theirs = await peer();
            var mine = await OursAsync(of) + await OursAsync(of);
            theirs += await peer();
            rates.Add(mine / 2);
            ratios.Add(mine / theirs);
        }
        var peerName = name[(name.IndexOf("-of-", StringComparison.Ordinal) + "-of-".Length)..];
        return new(name, Median.Of(rates), "requests/s", Median.Of(ratios), peerName);
    }

    private async Task<double> OursAsync(ILoad load) =>
        (await load.RunAsync(ours.Server, Turn, cancel)).RequestsPerSecond;
}
