using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Finds the route of a path without allocating. Graph's paths are not ASP.NET's: a key may stand in
/// its own segment (<c>/users/{id}</c>) or in parentheses (<c>/users('{id}')</c>), names match in any
/// letter case, an action may carry its namespace, and a path that leads nowhere is answered with the
/// name of the first segment that is unknown. The tempting wrong change is to hand this to the endpoint
/// routing of the framework: it knows none of these rules, and its match costs more than the read.
/// </summary>
public sealed class RouteTree
{
    /// <summary>Longer paths lead nowhere in this API.</summary>
    public const int PathCharsMax = 2048;

    private const string ActionNamespace = "microsoft.graph.";

    /// <summary>How a key in parentheses begins: without a name, or with the user's alternate key (CSDL, C).</summary>
    private static readonly string[] KeyNames = ["'", "userPrincipalName='", "id='"];

    /// <summary>The key of whom a path names; any other key is one inside of that.</summary>
    private const string SubjectKey = "{id}";

    private readonly Node root = new("");

    public RouteTree(IEnumerable<GraphRoute> routes)
    {
        foreach (var route in routes)
        {
            Add(route);
        }
    }

    /// <summary>Matches the part of a path after the version, which starts at <paramref name="start"/>.</summary>
    public RouteMatch Match(string path, int start)
    {
        var node = root;
        var match = new RouteMatch { Path = path };
        var at = start;
        if (path.Length > PathCharsMax)
        {
            return match with { Unknown = at..at };
        }
        while (at < path.Length)
        {
            if (path[at] == '/')
            {
                at++;
            }
            if (at == path.Length)
            {
                break; // one slash at the end is harmless
            }
            var length = path.AsSpan(at).IndexOf('/');
            var end = length < 0 ? path.Length : at + length;
            if (Step(node, path, at, end, ref match) is not { } next)
            {
                return match with { Unknown = at..end };
            }
            node = next;
            at = end;
        }
        match.Routes = node.Routes;
        if (node.Routes.Length == 0)
        {
            match.Unknown = start..path.Length; // known segments that lead to nothing we serve
        }
        return match;
    }

    private static Node? Step(Node node, string path, int at, int end, ref RouteMatch match)
    {
        var segment = path.AsSpan(at, end - at);
        if (node.Literal(segment) is { } literal)
        {
            return literal;
        }
        if (segment.StartsWith(ActionNamespace, StringComparison.OrdinalIgnoreCase))
        {
            return node.Literal(segment[ActionNamespace.Length..]);
        }
        if (
            segment is [.., '\'', ')']
            && segment.IndexOf('(') is > 0 and var open
            && QuoteAfter(segment, open) is > 0 and var quote
            && segment.Length >= quote + 3
        )
        {
            // users('{id}'), users(userPrincipalName='{id}'): the name, then the key between the quotes
            if (node.Literal(segment[..open])?.Key is not { } keyed)
            {
                return null;
            }
            match.AddKey(keyed.IsInner, (at + quote + 1)..(end - 2));
            return keyed;
        }
        if (node.Key is { } key && segment.Length > 0)
        {
            match.AddKey(key.IsInner, at..end);
            return key;
        }
        return null;
    }

    /// <summary>Where the quote of a key stands: behind the parenthesis, or the name of an alternate key; 0: nowhere.</summary>
    private static int QuoteAfter(ReadOnlySpan<char> segment, int open)
    {
        var inner = segment[(open + 1)..];
        foreach (var name in KeyNames)
        {
            if (inner.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return open + 1 + name.Length - 1;
            }
        }
        return 0;
    }

    private void Add(GraphRoute route)
    {
        var node = root;
        foreach (var segment in route.Template.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            node = segment[0] == '{' ? node.KeyOf(segment) : node.GetOrAdd(segment);
        }
        node.Routes = [.. node.Routes, route];
    }

    private sealed class Node(string name)
    {
        private Node[] literals = [];

        public GraphRoute[] Routes { get; set; } = [];

        public Node? Key { get; private set; }

        /// <summary>Whether this key names something inside of what <c>{id}</c> names.</summary>
        public bool IsInner => Name != SubjectKey;

        public Node? Literal(ReadOnlySpan<char> segment)
        {
            foreach (var child in literals)
            {
                if (segment.Equals(child.Name, StringComparison.OrdinalIgnoreCase))
                {
                    return child;
                }
            }
            return null;
        }

        public Node KeyOf(string segment)
        {
            Key ??= new Node(segment);
            return Key.Name == segment
                ? Key
                : throw new ArgumentException($"{segment} and {Key.Name} stand in one place.", nameof(segment));
        }

        public Node GetOrAdd(string segment)
        {
            if (Literal(segment) is { } known)
            {
                return known;
            }
            var added = new Node(segment);
            literals = [.. literals, added];
            return added;
        }

        private string Name { get; } = name;
    }
}

/// <summary>What <see cref="RouteTree.Match"/> found.</summary>
public record struct RouteMatch
{
    /// <summary>The path that the ranges point into.</summary>
    public string Path { get; init; }

    /// <summary>The routes of the path, one a method; null when a segment is unknown.</summary>
    public GraphRoute[]? Routes { get; set; }

    /// <summary>The segment that leads nowhere, when <see cref="Routes"/> is null or empty.</summary>
    public Range Unknown { get; set; }

    private Range key;

    /// <summary><c>{id}</c> of the path, if the route has one. A doubled quote inside stays doubled.</summary>
    public readonly ReadOnlySpan<char> Key => Path.AsSpan()[key];

    /// <summary>Where the key of another name, such as <c>{deviceId}</c>, stands in the path.</summary>
    public Range InnerKey { get; private set; }

    internal void AddKey(bool isInner, Range range)
    {
        if (isInner)
        {
            InnerKey = range;
        }
        else
        {
            key = range;
        }
    }

    /// <summary>The route of a method; HEAD is served by GET.</summary>
    public readonly GraphRoute? ForMethod(string method)
    {
        foreach (var route in Routes!)
        {
            if (route.Method == method || (HttpMethods.IsHead(method) && HttpMethods.IsGet(route.Method)))
            {
                return route;
            }
        }
        return null;
    }

    /// <summary>The methods of the path, as the <c>Allow</c> header lists them.</summary>
    public readonly string Allow =>
        string.Join(
            ", ",
            Routes!
                .Select(route => route.Method)
                .SelectMany(method => HttpMethods.IsGet(method) ? new[] { method, HttpMethods.Head } : [method])
                .Append(HttpMethods.Options)
        );
}

/// <summary>One row of the route table.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Template">The path after the version; <c>{id}</c> is the key of whom it names, another
/// name in braces a key inside of that.</param>
/// <param name="Operation">The row of the permission table.</param>
/// <param name="Subject">Whose presence the path names.</param>
/// <param name="Offered">The clouds that offer the operation.</param>
/// <param name="Handle">The slice.</param>
/// <param name="Source">The page that describes the operation.</param>
public sealed record GraphRoute(
    string Method,
    string Template,
    Operation Operation,
    Subject Subject,
    CloudSet Offered,
    GraphHandler Handle,
    string Source
)
{
    /// <summary>Where the sources of routes that Graph does not have begin; a heading follows.</summary>
    public const string OursSource = "docs/own-routes.md#";

    /// <summary>The template as measurements and traces name it; the versions are alike.</summary>
    public string Pattern { get; } = "/{version}" + Template;

    /// <summary>How a missing permission is said: the services behind Graph have different words.</summary>
    public RefusalKind Denial { get; init; } = RefusalKind.PermissionMissing;

    /// <summary>Whether a token is asked for; the schema is read without one, and then nobody is counted.</summary>
    public bool NeedsCaller { get; init; } = true;

    /// <summary>
    /// COMPAT(graph): whether the body is judged before the permission, as the service of presence does in its actions
    /// (R). What is said then tells nothing of anybody: it depends on the body alone.
    /// </summary>
    public bool JudgesBodyFirst { get; init; }

    /// <summary>Whether the route counts against the limit; a batch does not, its requests do.</summary>
    public bool IsCounted { get; init; } = true;

    /// <summary>The two routes of what each person has: the caller's own, and that of a person by id or name.</summary>
    /// <param name="method">Of both.</param>
    /// <param name="path">Behind the person, without a slash in front.</param>
    /// <param name="mine">The operation under <c>/me</c>.</param>
    /// <param name="others">The operation under <c>/users/{id}</c>.</param>
    /// <param name="handle">Answers both.</param>
    /// <param name="source">The page of both.</param>
    /// <param name="denial">How a missing permission is said.</param>
    public static GraphRoute[] OfEachPerson(
        string method,
        string path,
        Operation mine,
        Operation others,
        GraphHandler handle,
        string source,
        RefusalKind denial
    ) =>
        [
            new(method, $"/me/{path}", mine, Subject.Me, CloudSet.All, handle, source) { Denial = denial },
            new(method, $"/users/{{id}}/{path}", others, Subject.KeyOrName, CloudSet.All, handle, source)
            {
                Denial = denial,
            },
        ];
}

/// <summary>Whose data a path names.</summary>
public enum Subject : byte
{
    /// <summary>The caller's own: <c>/me</c>.</summary>
    Me,

    /// <summary>The person of the key in the path.</summary>
    Key,

    /// <summary>The same; the key may be the person's user principal name.</summary>
    KeyOrName,

    /// <summary>The people whom the body or the query names.</summary>
    Several,
}

/// <summary>A slice: answers the call, or says why not.</summary>
/// <returns>Null once the answer is written; otherwise the refusal, and nothing has been written.</returns>
public delegate ValueTask<Refusal?> GraphHandler(GraphCall call);
