using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// <c>/{tenant}/oauth2/v2.0/logout</c>: the browser forgets who is signed in, and goes back if the
/// address is a registered one. Refresh tokens live on, as Entra ID's do: they belong to the
/// application and not to the browser.
/// </summary>
internal static class Logout
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (TenantInPath.Resolve(call, out var tenant) is { } unknown)
        {
            return unknown;
        }

        BrowserSession.End(call);
        var address = call.Parameters["post_logout_redirect_uri"];
        if (address is not null && IsRegistered(call, tenant?.Id, address))
        {
            var state = call.Parameters["state"];
            var separator = address.Contains('?', StringComparison.Ordinal) ? '&' : '?';
            call.Http.Response.StatusCode = StatusCodes.Status303SeeOther;
            call.Http.Response.Headers.Location = state is null
                ? address
                : $"{address}{separator}state={Uri.EscapeDataString(state)}";
            return null;
        }

        await SignInPage.WriteAsync(
            call,
            StatusCodes.Status200OK,
            "You are signed out",
            $"<p>You can close this page.</p>"
        );
        return null;
    }

    /// <summary>
    /// With any application of the tenant: the request need not say which one it comes from.
    /// </summary>
    private static bool IsRegistered(IssuerCall call, Guid? tenantId, string address)
    {
        var directory = call.Issuer.Directory;
        return directory
            .Tenants.Where(tenant => tenantId is null || tenant.Id == tenantId)
            .SelectMany(tenant => directory.ApplicationsOf(tenant.Id))
            .Any(application => RedirectUris.Matches(application, address));
    }
}
