using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.Protocol;

/// <summary>
/// The endpoints of version 1.0, which name a <c>resource</c> instead of scopes: their requests become requests of
/// version 2.0 for everything that is granted at that resource.
/// </summary>
/// <remarks>Source: learn.microsoft.com/previous-versions/azure/active-directory/azuread-dev, the pages of the flows.</remarks>
internal static class VersionOne
{
    private const string Resource = "resource";

    /// <summary>What version 1.0 gives a person's application without being asked.</summary>
    private const string OpenId = "openid profile email offline_access";

    /// <summary>The same request with scopes; a scope that came along is passed over, as Entra ID does.</summary>
    public static RequestParameters Translate(RequestParameters parameters)
    {
        if (parameters["grant_type"] == "device_code" && parameters["code"] is { } code)
        {
            parameters = parameters.With("device_code", code);
        }

        return parameters[Resource] is { } resource
            ? parameters
                .Without(Resource)
                .With(
                    "scope",
                    parameters["grant_type"] == "client_credentials"
                        ? Everything(resource)
                        : $"{Everything(resource)} {OpenId}"
                )
            : parameters.Without("scope");
    }

    private static string Everything(string resource) => $"{resource}/{ScopeRequest.Default}";
}
