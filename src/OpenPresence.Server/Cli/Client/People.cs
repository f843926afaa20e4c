using System.CommandLine;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Cli.Client;

/// <summary>A person, as the directory has them.</summary>
/// <param name="Id">The object id.</param>
/// <param name="Name">The user principal name; empty: not known, or not for the caller to read.</param>
/// <param name="DisplayName">What others call them; empty as well.</param>
internal sealed record KnownPerson(string Id, string Name, string DisplayName)
{
    /// <summary>What to call them in a sentence.</summary>
    public string Title =>
        DisplayName.Length > 0 ? DisplayName
        : Name.Length > 0 ? Name
        : Id;
}

/// <summary>
/// Finds people by what is typed: an id, a user principal name, the beginning of one, or <c>me</c>. The
/// directory's permissions are others than those of presence; without them ids go on to work, nameless.
/// </summary>
internal sealed class People(ServerConnection server)
{
    private const string Members = "$select=id,userPrincipalName,displayName";

    /// <summary>How many people one page lists.</summary>
    private const int PageMax = 999;

    /// <summary>How many values stand in one <c>in</c>: as many as Graph takes.</summary>
    private const int ValuesMax = 15;

    /// <summary>How many people a beginning is compared with, to name them when it fits several.</summary>
    private const int CandidatesMax = 5;

    /// <summary>An argument that names people.</summary>
    public static Argument<string[]> Argument(string description, ArgumentArity arity)
    {
        var words = new Argument<string[]>("person") { Description = description, Arity = arity };
        // An argument that repeats takes what looks like an option and is none.
        words.Validators.Add(result =>
        {
            foreach (var token in result.Tokens.Where(token => token.Value.StartsWith('-')))
            {
                result.AddError($"Unrecognized command or argument '{token.Value}'.");
            }
        });
        return words;
    }

    /// <summary>Every person whom these words name, each once and in their order.</summary>
    public async Task<IReadOnlyList<KnownPerson>> FindAsync(IEnumerable<string> words, CancellationToken cancel)
    {
        var found = new List<KnownPerson>();
        foreach (var word in words)
        {
            found.Add(
                Guid.TryParse(word, out var id)
                    ? new KnownPerson(id.ToString(), "", "")
                    : await FindByNameAsync(word, cancel)
            );
        }
        var people = found.DistinctBy(person => person.Id, StringComparer.Ordinal).ToArray();
        await NameAsync(people, cancel);
        return people;
    }

    /// <summary>Every person of the tenant, up to a number.</summary>
    public async Task<IReadOnlyList<KnownPerson>> ListAsync(int max, CancellationToken cancel)
    {
        var people = new List<KnownPerson>();
        var path = $"users?{Members}&$top={Math.Min(PageMax, max)}";
        while (path is not null && people.Count < max)
        {
            var page = await server.GetAsync(path, cancel);
            people.AddRange(Read(page));
            path = Next(page);
        }
        return people.Count > max ? people[..max] : people;
    }

    /// <summary>The rest of a list, as a path of this server; null: that was all.</summary>
    public static string? Next(JsonNode page)
    {
        const string version = "/v1.0/";
        // Whatever host the link names, the token goes to the server that it is for.
        return
            (string?)page["@odata.nextLink"] is { } link
            && link.IndexOf(version, StringComparison.Ordinal) is >= 0 and var at
            ? link[(at + version.Length)..]
            : null;
    }

    private async Task<KnownPerson> FindByNameAsync(string word, CancellationToken cancel)
    {
        if (word == "me")
        {
            return Read(new JsonArray(await server.GetAsync($"me?{Members}", cancel)))[0];
        }
        var quoted = $"'{word.Replace("'", "''", StringComparison.Ordinal)}'";
        var filter = word.Contains('@') ? $"userPrincipalName eq {quoted}" : $"startswith(userPrincipalName,{quoted})";
        var found = Read(
            await server.GetAsync(
                $"users?{Members}&$top={CandidatesMax}&$filter={Uri.EscapeDataString(filter)}",
                cancel
            )
        );
        return found.Length switch
        {
            1 => found[0],
            0 => throw new CommandFailedException(
                $"There is nobody called '{word}'.",
                "Name people by id, by user principal name or by its beginning; " + "openpresence get lists everybody."
            ),
            _ => throw new CommandFailedException(
                $"'{word}' may be {string.Join(", ", found.Select(person => person.Name))}"
                    + (found.Length == CandidatesMax ? ", …" : "."),
                "Type more of the name."
            ),
        };
    }

    /// <summary>Gives names to those who were named by id, where the caller may read them.</summary>
    private async Task NameAsync(KnownPerson[] people, CancellationToken cancel)
    {
        var places = people
            .Select((person, index) => (person, index))
            .Where(place => place.person.Name.Length == 0)
            .ToDictionary(place => place.person.Id, place => place.index, StringComparer.Ordinal);
        foreach (var chunk in places.Keys.Chunk(ValuesMax))
        {
            var filter = $"id in ({string.Join(',', chunk.Select(id => $"'{id}'"))})";
            try
            {
                var page = await server.GetAsync($"users?{Members}&$filter={Uri.EscapeDataString(filter)}", cancel);
                foreach (var named in Read(page))
                {
                    people[places[named.Id]] = named;
                }
            }
            catch (CommandFailedException barred) when (barred.Code == ExitCode.Failed)
            {
                return;
            }
        }
    }

    private static KnownPerson[] Read(JsonNode page) => Read(page["value"] as JsonArray ?? []);

    private static KnownPerson[] Read(JsonArray users) =>
        [
            .. users.Select(user => new KnownPerson(
                (string)user!["id"]!,
                (string?)user["userPrincipalName"] ?? "",
                (string?)user["displayName"] ?? ""
            )),
        ];
}
