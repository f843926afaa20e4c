using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.Clients;

/// <summary>Which application asks, in which tenant, and how it proved that.</summary>
/// <param name="Application">The application.</param>
/// <param name="Tenant">Its tenant, which is also the tenant of the request.</param>
/// <param name="AuthenticationClass"><c>appidacr</c>: 0 not at all, 1 with a secret, 2 with a
/// certificate.</param>
internal sealed record ClientIdentity(Application Application, Tenant Tenant, string AuthenticationClass)
{
    public const string Public = "0";
    public const string Secret = "1";
    public const string Certificate = "2";

    /// <summary>
    /// The application of that client id, if it is one of the path's tenant; nothing is proved yet.
    /// </summary>
    public static IssuerRefusal? Find(IssuerCall call, string clientId, out ClientIdentity? client)
    {
        client = null;
        if (TenantInPath.Resolve(call, out var tenant) is { } unknown)
        {
            return unknown;
        }

        if (!Guid.TryParseExact(clientId, "D", out var id))
        {
            return new(IssuerError.ClientIdMalformed, Quoted.Of(clientId));
        }

        var directory = call.Issuer.Directory;
        if (
            !directory.TryGetApplication(id, out var application)
            || (tenant is not null && tenant.Id != application.TenantId)
            || !directory.TryGetTenant(application.TenantId, out var home)
        )
        {
            return new(IssuerError.ApplicationUnknown, id.ToString(), tenant?.DisplayName ?? call.Argument);
        }

        client = new(application, home, Public);
        return null;
    }
}
