using Microsoft.AspNetCore.WebUtilities;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Streaming;

/// <summary>What the address of a stream asks for. An unknown parameter is refused: ignoring a misspelt
/// <c>ids</c> would tell of everybody.</summary>
public sealed record LiveQuery
{
    /// <summary>The people, ordered, each once; null: every person.</summary>
    public Guid[]? Ids { get; private init; }

    /// <summary>Whether the present state comes first.</summary>
    public bool TellsState { get; private init; } = true;

    /// <summary>The place to go on after; null: from now on.</summary>
    public LivePlace? After { get; private init; }

    /// <summary>The ticket that stands for the token.</summary>
    public string? Ticket { get; private init; }

    /// <summary>Reads the query and the header <c>Last-Event-ID</c>, which wins.</summary>
    public static Refusal? Parse(HttpRequest request, out LiveQuery query)
    {
        query = new LiveQuery();
        var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            var (name, value) = (pair.DecodeName().ToString(), pair.DecodeValue().ToString());
            if (!seen.Add(name))
            {
                return Refuse(name, "The parameter is given more than once.");
            }
            if (Read(ref query, name, value) is { } fault)
            {
                return Refuse(name.Length <= NameCharsMax ? name : name[..NameCharsMax] + "…", fault);
            }
        }
        return
            request.Headers["Last-Event-ID"] is [{ Length: > 0 } last]
            && Read(ref query, "lastEventId", last) is { } unread
            ? Refuse("Last-Event-ID", unread)
            : null;
    }

    private const int NameCharsMax = 50;

    private static string? Read(ref LiveQuery query, string name, string value)
    {
        switch (name.ToUpperInvariant())
        {
            case "IDS":
                var fault = ReadIds(value, out var ids);
                query = query with { Ids = ids };
                return fault;
            case "STATE":
                query = query with { TellsState = !value.Equals("false", StringComparison.OrdinalIgnoreCase) };
                return bool.TryParse(value, out _) ? null : "state is true or false.";
            case "LASTEVENTID":
                var isPlace = LivePlace.TryParse(value, out var place);
                query = query with { After = place };
                return isPlace ? null : "The id is none that an event of this stream carried.";
            case "TICKET":
                query = query with { Ticket = value };
                return null;
            default:
                return "The parameter is unknown; expected: ids, state, lastEventId, ticket.";
        }
    }

    private static string? ReadIds(string text, out Guid[]? ids)
    {
        var read = new SortedSet<Guid>();
        foreach (var range in text.AsSpan().Split(','))
        {
            if (!Guid.TryParseExact(text.AsSpan()[range].Trim(), "D", out var id))
            {
                ids = null;
                return "ids takes GUIDs with commas between.";
            }
            read.Add(id);
        }
        ids = [.. read];
        return ids.Length <= LiveLimits.IdsMax ? null : $"ids takes at most {LiveLimits.IdsMax} people.";
    }

    private static Refusal Refuse(string target, string message) =>
        new(RefusalKind.BadRequest, message) { Target = target };
}
