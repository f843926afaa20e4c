using System.Collections.Immutable;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Tokens;

/// <summary>
/// What a person's token will carry, after consent was looked at: a permission that the
/// application's <see cref="Application.DelegatedScopes"/> do not hold is refused with AADSTS65001.
/// </summary>
/// <param name="Request">What was asked for.</param>
/// <param name="Permissions">What is granted of it, as the directory spells it.</param>
internal sealed record GrantedScopes(ScopeRequest Request, ImmutableArray<string> Permissions)
{
    /// <summary>
    /// What stands for <c>.default</c> of an application that is itself the resource.
    /// </summary>
    private const string OwnDefault = "user_impersonation";

    public static IssuerRefusal? Grant(ScopeRequest request, Application application, out GrantedScopes? granted)
    {
        granted = null;
        if (!request.Resource.IsGraph)
        {
            // What an application of the tenant offers is its own affair; the directory does not
            // list it.
            granted = new(request, request.IsDefault ? [OwnDefault] : request.Names);
            return null;
        }

        if (request.IsDefault)
        {
            granted = new(request, application.DelegatedScopes);
            return application.DelegatedScopes.IsEmpty
                ? Missing(application, $"{request.Resource.Name}/{ScopeRequest.Default}")
                : null;
        }

        var permissions = ImmutableArray.CreateBuilder<string>();
        foreach (var name in request.Names)
        {
            var held = application.DelegatedScopes.FirstOrDefault(scope =>
                scope.Equals(name, StringComparison.OrdinalIgnoreCase)
            );
            if (held is null)
            {
                return Missing(application, name);
            }

            if (!permissions.Contains(held))
            {
                permissions.Add(held);
            }
        }

        granted = new(request, permissions.ToImmutable());
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
