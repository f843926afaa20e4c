using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.TokenEndpoint;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.Endpoints;

/// <summary>
/// The endpoints of version 1.0, which name a <c>resource</c> instead of scopes: their requests become requests of
/// version 2.0 for everything that is granted at that resource.
/// </summary>
/// <remarks>Source: learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev, the pages of the flows.</remarks>
internal static class VersionOne
{
    private const string Resource = "resource";
    private const string Scope = "scope";

    /// <summary>What version 1.0 gives a person's application without being asked.</summary>
    private const string OpenId = "openid profile email offline_access";

    /// <summary>Names scopes in place of the resource, or refuses a resource at an endpoint of version 2.0.</summary>
    public static IssuerRefusal? Read(IssuerCall call)
    {
        if (call.Route.IsVersionOne)
        {
            return Translate(call);
        }

        return
            call.Route.Pattern.Contains("/oauth2/", StringComparison.Ordinal) && call.Parameters[Resource] is not null
            ? new(IssuerError.ResourceParameter)
            : null;
    }

    /// <summary>
    /// A scope that came along is passed over, as Entra ID does. The resource stays, for the answer and for the page that
    /// sends the request again.
    /// </summary>
    private static IssuerRefusal? Translate(IssuerCall call)
    {
        var parameters = call.Parameters;
        var grant = GrantTypes.Find(parameters["grant_type"] ?? "");
        if (grant is GrantType.DeviceCode && parameters["code"] is { } code)
        {
            parameters = parameters.With("device_code", code);
        }

        if (parameters[Resource] is { } resource)
        {
            var everything = $"{resource}/{ScopeRequest.Default}";
            var scope = grant is GrantType.ClientCredentials ? everything : $"{everything} {OpenId}";
            call.Parameters = parameters.With(Scope, scope);
            return null;
        }

        // A sign-in needs none: the code is redeemed for one. What a code or refresh token stands for, it says itself.
        call.Parameters =
            call.Route.Answers is AnswerKind.Page ? parameters.With(Scope, OpenId) : parameters.Without(Scope);
        return
            grant is GrantType.ClientCredentials or GrantType.Password or GrantType.OnBehalfOf
            || call.Route.Pattern.EndsWith("/devicecode", StringComparison.Ordinal)
            ? new(IssuerError.ParameterMissing, Resource)
            : null;
    }
}
