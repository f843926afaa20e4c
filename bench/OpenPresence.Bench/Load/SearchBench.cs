using OpenPresence.Bench.People;

namespace OpenPresence.Bench.Load;

/// <summary>
/// Questions about people: somebody by name, the first page, the beginning of a name, and the most expensive one that is
/// answered, a search that looks at everybody of a tenant as large as may be looked at, and finds nobody. Each
/// against the ceiling that answers the same bytes.
/// </summary>
public static class SearchBench
{
    private const int Connections = 64;
    private const int SearchConnections = 8;

    /// <summary>People with names take ten times as long to write as others, and an index hardly feels how many they are.</summary>
    private const int PeopleDivisor = 10;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchOptions options, CancellationToken cancel)
    {
        using var directory = new TemporaryDirectory(options.DataDirectory);
        var data = directory.Sub("named");
        var people = options.People / PeopleDivisor;
        await NamedPopulation.EnsureAsync(data, people, cancel);
        await using var server = await LoadedProcess.StartServerAsync(options, data, cancel);
        using var client = new HttpClient { BaseAddress = server.Address };
        var (large, small) = (
            await Tokens.GetAsync(client, NamedPopulation.Large, cancel),
            await Tokens.GetAsync(client, NamedPopulation.Small, cancel)
        );
        var random = new Random(1);
        var names = Enumerable
            .Range(0, LoadedCase.RequestsMax)
            .Select(_ => SampledPeople.NameOf(random.Next(people)))
            .Where(name => name.All(char.IsAscii)) // only their beginnings are indexed
            .ToList();
        (LoadedCase Case, string Token)[] cases =
        [
            (Get("user-by-name", names.Select(name => $"/v1.0/users/{name}")), large),
            (Get("users-page-100", ["/v1.0/users"]), large),
            (Get("users-by-prefix", names.Select(PrefixPath)), large),
            (
                Get("search-of-everybody", ["/v1.0/users?$search=%22displayName:nobody%22"]) with
                {
                    Connections = SearchConnections,
                },
                small
            ),
        ];
        var results = new List<BenchResult>();
        foreach (var (load, token) in cases)
        {
            var folder = directory.Sub(load.Name);
            results.AddRange(await load.RunAsync(server, token, folder, options.RoundsWithoutBar, cancel));
        }
        return results;
    }

    /// <summary>Ten people at most whose names begin as this one does, but for its last two digits.</summary>
    private static string PrefixPath(string name)
    {
        var beginning = name[..(name.IndexOf('@', StringComparison.Ordinal) - 2)];
        return $"/v1.0/users?$filter=startswith(userPrincipalName,%27{beginning}%27)&$top=10";
    }

    private static LoadedCase Get(string name, IEnumerable<string> paths)
    {
        var lines = paths.ToList();
        return new(
            name,
            "get.lua",
            "paths",
            lines,
            Connections,
            () => new HttpRequestMessage(HttpMethod.Get, lines[0])
        );
    }
}
