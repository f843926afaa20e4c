using OpenPresence.Server.Issuer.Protocol;

namespace OpenPresence.Server.Issuer.Metadata;

/// <summary>
/// <c>GET /common/userrealm/{upn}</c>: before MSAL.NET sends a password, it asks whose it is.
/// Everybody of a tenant here is <c>Managed</c>; there is no federation. It tells nothing about
/// whether the person exists, only about the domain.
/// </summary>
internal static class UserRealm
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        var name = call.Argument;
        if (name.Length > IssuerLimits.NameCharsMax)
        {
            return new(IssuerError.ParameterTooLong, "user", $"{IssuerLimits.NameCharsMax}");
        }

        var domain = name[(name.LastIndexOf('@') + 1)..];
        var isManaged =
            domain.Length < name.Length && call.Issuer.Directory.TryGetTenant(domain, out _)
            || call.Issuer.Directory.TryGetPerson(name, out _);
        await call.WriteJsonAsync(
            StatusCodes.Status200OK,
            json =>
            {
                json.WriteString("ver", "1.0");
                json.WriteString("account_type", isManaged ? "Managed" : "Unknown");
                if (isManaged)
                {
                    json.WriteString("domain_name", domain);
                }

                json.WriteString("cloud_instance_name", CloudNames.Of(call.Cloud).Instance);
                json.WriteString("cloud_audience_urn", "urn:federation:MicrosoftOnline");
            }
        );
        return null;
    }
}
