namespace OpenPresence.Server.Scim;

/// <summary>One operation: method, path under <c>/scim/v2</c>, and the slice that answers.</summary>
/// <param name="Method">GET, POST, PUT, PATCH or DELETE.</param>
/// <param name="Template">The path; <c>{id}</c> stands for one segment.</param>
/// <param name="Handle">Answers, or says why not; the second argument is what stood in place of <c>{id}</c>.</param>
internal sealed record ScimRoute(string Method, string Template, Func<ScimCall, string, ValueTask<ScimFault?>> Handle);

/// <summary>What identity providers can ask for: the table to read first.</summary>
internal static class ScimRoutes
{
    // csharpier-ignore-start
    public static IReadOnlyList<ScimRoute> Table { get; } =
    [
        new("GET", "/Users", ListScimUsers.HandleAsync),
        new("POST", "/Users", CreateScimUser.HandleAsync),
        new("GET", "/Users/{id}", GetScimUser.HandleAsync),
        new("PUT", "/Users/{id}", ReplaceScimUser.HandleAsync),
        new("PATCH", "/Users/{id}", PatchScimUser.HandleAsync),
        new("DELETE", "/Users/{id}", DeleteScimUser.HandleAsync),
        new("GET", "/ServiceProviderConfig", Discovery.ConfigAsync),
        new("GET", "/ResourceTypes", Discovery.ResourceTypesAsync),
        new("GET", "/ResourceTypes/{id}", Discovery.ResourceTypeAsync),
        new("GET", "/Schemas", Discovery.SchemasAsync),
        new("GET", "/Schemas/{id}", Discovery.SchemaAsync),
    ];
    // csharpier-ignore-end

    /// <summary>Of RFC 7644 and not here; 501 says that to programs.</summary>
    private static readonly string[] Unsupported = ["Me", "Bulk", ".search"];

    /// <summary>The route of a request; or why there is none.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">The path behind <c>/scim/v2</c>.</param>
    /// <param name="id">What stood in place of <c>{id}</c>.</param>
    /// <param name="fault">Why there is none.</param>
    public static ScimRoute? Find(string method, string path, out string id, out ScimFault? fault)
    {
        id = "";
        fault = null;
        var wanted = path.TrimEnd('/');
        if (Unsupported.Contains(wanted[(wanted.LastIndexOf('/') + 1)..], StringComparer.OrdinalIgnoreCase))
        {
            fault = new ScimFault(
                StatusCodes.Status501NotImplemented,
                null,
                $"{wanted} is not offered; see /ServiceProviderConfig."
            );
            return null;
        }
        var allow = new List<string>();
        foreach (var route in Table)
        {
            if (Matches(route.Template, wanted, out var found))
            {
                if (route.Method == method)
                {
                    id = found;
                    return route;
                }
                allow.Add(route.Method);
            }
        }
        fault =
            allow.Count == 0
                ? ScimFault.NotFound(ScimFaults.Quoted(path))
                : new ScimFault(
                    StatusCodes.Status405MethodNotAllowed,
                    null,
                    $"{ScimFaults.Quoted(method)} is not offered here."
                )
                {
                    Allow = string.Join(", ", allow),
                };
        return null;
    }

    private static bool Matches(string template, string path, out string id)
    {
        const string hole = "/{id}";
        id = "";
        if (!template.EndsWith(hole, StringComparison.Ordinal))
        {
            return template.Equals(path, StringComparison.OrdinalIgnoreCase);
        }
        var parent = template[..^hole.Length] + '/';
        if (!path.StartsWith(parent, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        id = path[parent.Length..];
        return id.Length > 0 && !id.Contains('/');
    }
}
