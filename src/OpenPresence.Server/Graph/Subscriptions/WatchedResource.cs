using System.Collections.Immutable;

namespace OpenPresence.Server.Graph.Subscriptions;

/// <summary>
/// Whom a <c>resource</c> names. Graph's forms are a person, <c>communications/presences/{id}</c>, and a list,
/// <c>/communications/presences?$filter=id in ('…','…')</c>, each with or without a slash before it. Ours, unless
/// the server is to behave as Graph: the collection without a filter, which means everyone, and
/// <c>users/{id}/presence</c>. Names have no case; ids are GUIDs, in a list in single quotes.
/// </summary>
/// <remarks>
/// The text is the client's and is echoed as it came; this is only what it means. People are put in order and
/// once each, so that two ways to say the same are the same.
/// Source: https://learn.microsoft.com/graph/changenotifications-for-presence
/// </remarks>
public static class WatchedResource
{
    /// <summary>How the sentence begins when it is the filter that cannot be used.</summary>
    public const string FilterFault = "has a filter that cannot be used. ";

    /// <summary>What is wrong with a resource, for a sentence; null: nothing.</summary>
    /// <param name="resource">As the client spelled it.</param>
    /// <param name="isBeyondGraph">Whether our own forms may be used.</param>
    /// <param name="people">Whom it names; default: everyone.</param>
    public static string? FaultOf(string resource, bool isBeyondGraph, out ImmutableArray<Guid> people)
    {
        people = default;
        if (resource.Length > SubscriptionLimits.ResourceCharsMax)
        {
            return $"is longer than {SubscriptionLimits.ResourceCharsMax} characters.";
        }
        var question = resource.IndexOf('?', StringComparison.Ordinal);
        var path = (question < 0 ? resource : resource[..question]).TrimStart('/');
        if (TryReadPerson(path, isBeyondGraph, out var person))
        {
            people = [person];
            return question < 0 ? null : "takes no query options after the id of a person.";
        }
        if (!path.TrimEnd('/').Equals("communications/presences", StringComparison.OrdinalIgnoreCase))
        {
            return Forms(isBeyondGraph);
        }
        return question < 0
            ? isBeyondGraph
                ? null
                : "needs a filter: $filter=id in ('{id}','{id}')."
            : FaultOfQuery(resource[(question + 1)..], out people);
    }

    private static string? FaultOfQuery(string query, out ImmutableArray<Guid> people)
    {
        people = default;
        string? filter = null;
        foreach (var option in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = option.Split('=', 2) is [var n, var v] ? (n, v) : (option, "");
            if (!name.Equals("$filter", StringComparison.OrdinalIgnoreCase) || filter is not null)
            {
                return "takes one $filter and no other query option: $select, for one, is not supported.";
            }
            filter = Uri.UnescapeDataString(value);
        }
        if (IdFilter.Parse(filter ?? "", out var ids) is { } refusal)
        {
            return FilterFault + refusal.Details[0].Message;
        }
        people = [.. ids.Order()];
        return null;
    }

    /// <summary>In its own segment, or in parentheses and quotes.</summary>
    private static bool TryReadPerson(string path, bool isBeyondGraph, out Guid person)
    {
        var text = path.Replace("('", "/", StringComparison.Ordinal).Replace("')", "", StringComparison.Ordinal);
        string? id = text.Split('/') switch
        {
            [var first, var second, var key] when Is(first, "communications") && Is(second, "presences") => key,
            [var first, var key, var last] when isBeyondGraph && Is(first, "users") && Is(last, "presence") => key,
            _ => null,
        };
        return Guid.TryParseExact(id, "D", out person);
    }

    private static bool Is(string segment, string name) => segment.Equals(name, StringComparison.OrdinalIgnoreCase);

    private static string Forms(bool isBeyondGraph) =>
        "must be communications/presences/{id} or "
        + "/communications/presences?$filter=id in ('{id}','{id}')"
        + (isBeyondGraph ? ", or ours: /communications/presences, users/{id}/presence" : "")
        + "; {id} is the object id (a GUID) of a user.";
}
