using System.Collections.Immutable;
using OpenPresence.Server.Identity;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// What a person's token will carry, after consent was looked at: a permission that the
/// application's <see cref="Application.DelegatedScopes"/> do not hold is refused with AADSTS65001.
/// </summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Permissions">What is granted, as the directory spells it.</param>
internal sealed record GrantedScopes(ScopeRequest Request, ImmutableArray<string> Permissions)
{
    /// <summary>
    /// What stands for <c>.default</c> of an application that is itself the resource.
    /// </summary>
    private const string OwnDefault = "user_impersonation";

    /// <summary>
    /// What a request to sign a person in may have: of Graph's published permissions those beyond this server's table are
    /// consented to with the sign-in, since they open nothing here.
    /// </summary>
    public static IssuerRefusal? Ask(ScopeRequest request, Application application, out GrantedScopes? granted) =>
        Grant(request, application, request.Names, IssuerError.ScopeUnknown, out granted);

    /// <summary>What a token may have.</summary>
    /// <param name="request">What was asked for.</param>
    /// <param name="application">The client.</param>
    /// <param name="consented">The scopes that the person consented to when signing in; empty: there was no sign-in.</param>
    /// <param name="granted">What is granted.</param>
    public static IssuerRefusal? Redeem(
        ScopeRequest request,
        Application application,
        string consented,
        out GrantedScopes? granted
    ) =>
        Grant(
            request,
            application,
            [.. consented.Split(' ').Select(word => word[(word.LastIndexOf('/') + 1)..])],
            IssuerError.ConsentMissing,
            out granted
        );

    /// <summary>
    /// A token of Graph carries everything that is granted, whatever of it was asked for (as Entra ID does by design);
    /// what was asked for must be granted.
    /// </summary>
    private static IssuerRefusal? Grant(
        ScopeRequest request,
        Application application,
        ImmutableArray<string> consented,
        IssuerError unknown,
        out GrantedScopes? granted
    )
    {
        granted = null;
        if (!request.Resource.IsGraph)
        {
            // What an application of the tenant offers is its own affair; the directory does not list it.
            granted = new(request, request.IsDefault ? [OwnDefault] : request.Names);
            return null;
        }

        ImmutableArray<string> held =
        [
            .. application.DelegatedScopes,
            .. consented
                .Select(name => GraphPermissionNames.Delegated.GetValueOrDefault(name))
                .OfType<string>()
                .Where(name => !PermissionTable.Built.Permissions.ContainsKey(name))
                .Except(application.DelegatedScopes, StringComparer.Ordinal)
                .Distinct(StringComparer.Ordinal),
        ];
        if (request.IsDefault && held.IsEmpty)
        {
            return Missing(application, $"{request.Resource.Name}/{ScopeRequest.Default}");
        }

        foreach (var name in request.Names)
        {
            if (!held.Contains(name, StringComparer.OrdinalIgnoreCase))
            {
                return GraphPermissionNames.Delegated.ContainsKey(name) || unknown is IssuerError.ConsentMissing
                    ? Missing(application, name)
                    : new(unknown, application.DisplayName, Quoted.Of(name), Audiences.GraphApplicationId);
            }
        }

        granted = new(request, held);
        return null;
    }

    /// <summary>The <c>scp</c> of the access token.</summary>
    public string Claim => string.Join(' ', [.. Permissions, .. Request.OpenIdNames]);

    /// <summary>
    /// The <c>scope</c> of the answer: full names, and the spellings of the request beside them,
    /// because MSAL finds a token in its cache only under the very words that it asks for.
    /// </summary>
    public string Answer
    {
        get
        {
            var prefix = Request.Prefix.Length > 0 ? Request.Prefix.TrimEnd('/') : Request.Resource.Name;
            IEnumerable<string> full = Permissions.Select(name => $"{prefix}/{name}");
            IEnumerable<string> asked = Request is { IsDefault: true, Prefix.Length: > 0 }
                ? [$"{Request.Prefix}/{ScopeRequest.Default}"]
                : [];
            return string.Join(' ', [.. Request.OpenIdNames, .. full, .. asked, .. Request.BareNames]);
        }
    }

    private static IssuerRefusal Missing(Application application, string name) =>
        new(IssuerError.ConsentMissing, application.DisplayName, Quoted.Of(name));
}
