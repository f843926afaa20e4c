using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// The OData query options of a request. Names match in any letter case and with or without <c>$</c>;
/// an OData option that the route does not support is refused by name, since ignoring a filter would
/// answer another question than was asked. Other parameters are left alone, as Graph does; <c>$format=json</c> is what
/// every answer is (query-parameters page, D).
/// </summary>
public sealed class QueryOptions
{
    /// <summary>Longer query strings are refused, in characters: a filter of 650 ids takes 28,000.</summary>
    public const int QueryCharsMax = 32 * 1024;

    /// <summary>The most that <c>$top</c> may ask for (paging page, users; D).</summary>
    public const int TopMax = 999;

    /// <summary>Without <c>$top</c> (paging page, users; D).</summary>
    public const int TopDefault = 100;

    private static readonly string[] Known =
    [
        "select",
        "filter",
        "top",
        "skiptoken",
        "expand",
        "orderby",
        "search",
        "count",
        "skip",
        "format",
        "apply",
        "compute",
    ];

    private readonly Dictionary<string, string> values = new(StringComparer.OrdinalIgnoreCase);

    private QueryOptions() { }

    /// <summary><c>$select</c>, if given and not empty.</summary>
    public string? Select => values.GetValueOrDefault("select") is { Length: > 0 } text ? text : null;

    /// <summary><c>$filter</c>, if given.</summary>
    public string? Filter => values.GetValueOrDefault("filter");

    /// <summary><c>$search</c>, if given.</summary>
    public string? Search => values.GetValueOrDefault("search");

    /// <summary><c>$orderby</c>, if given and not empty.</summary>
    public string? OrderBy => values.GetValueOrDefault("orderby") is { Length: > 0 } text ? text : null;

    /// <summary>Whether <c>$count=true</c> is given.</summary>
    public bool Count { get; private set; }

    /// <summary><c>$skip</c>; 0 when it is not given.</summary>
    public int Skip { get; private set; }

    /// <summary>What was given, by the option's name without <c>$</c>.</summary>
    public IReadOnlyDictionary<string, string> Given => values;

    /// <summary><c>$skiptoken</c>, if given.</summary>
    public string? SkipToken => values.GetValueOrDefault("skiptoken");

    /// <summary><c>$top</c>, 1 to <see cref="TopMax"/>.</summary>
    public int Top { get; private set; } = TopDefault;

    /// <summary>Reads the query; refuses options that are not among <paramref name="supported"/>.</summary>
    public static Refusal? Parse(GraphCall call, string[] supported, out QueryOptions options)
    {
        options = new QueryOptions();
        var query = call.Http.Request.QueryString;
        if (!query.HasValue)
        {
            return null;
        }
        if (query.Value!.Length > QueryCharsMax)
        {
            return Refuse("$filter", $"The query is longer than {QueryCharsMax} characters.");
        }
        foreach (var pair in new QueryStringEnumerable(query.Value))
        {
            var name = pair.DecodeName().ToString();
            var bare = name.TrimStart('$');
            if (!Known.Contains(bare, StringComparer.OrdinalIgnoreCase))
            {
                continue;
            }
            if (IsFormat(bare) && IsJson(pair.DecodeValue().Span))
            {
                continue; // every answer is JSON
            }
            if (!supported.Contains(bare, StringComparer.OrdinalIgnoreCase))
            {
                return Refuse(
                    name,
                    $"The query option '{name}' is not supported here; supported: "
                        + $"{string.Join(", ", supported.Select(option => "$" + option))}."
                );
            }
            if (!options.values.TryAdd(bare, pair.DecodeValue().ToString()))
            {
                return Refuse(name, $"The query option '{name}' is given more than once.");
            }
        }
        return options.ReadTop() ?? options.ReadSkip() ?? options.ReadCount();
    }

    private static bool IsFormat(string name) => name.Equals("format", StringComparison.OrdinalIgnoreCase);

    private static bool IsJson(ReadOnlySpan<char> format) =>
        format.Equals("json", StringComparison.OrdinalIgnoreCase)
        || format.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);

    private Refusal? ReadSkip()
    {
        if (!values.TryGetValue("skip", out var text))
        {
            return null;
        }
        var isNumber = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var skip);
        Skip = skip;
        return isNumber ? null : Refuse("$skip", "$skip must be a whole number, not negative.");
    }

    private Refusal? ReadCount()
    {
        if (!values.TryGetValue("count", out var text))
        {
            return null;
        }
        Count = text.Equals("true", StringComparison.OrdinalIgnoreCase);
        return Count || text.Equals("false", StringComparison.OrdinalIgnoreCase)
            ? null
            : Refuse("$count", "$count must be true or false.");
    }

    private Refusal? ReadTop()
    {
        if (!values.TryGetValue("top", out var text))
        {
            return null;
        }
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var top) || top is < 1 or > TopMax)
        {
            return Refuse("$top", $"$top must be a whole number from 1 to {TopMax}.");
        }
        Top = top;
        return null;
    }

    private static Refusal Refuse(string target, string message) =>
        new(RefusalKind.BadRequest, message) { Target = target };
}
