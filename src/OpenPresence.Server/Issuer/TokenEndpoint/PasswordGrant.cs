using System.Security.Cryptography;
using System.Text;
using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>A person's name and password, as scripts send them (ROPC).</summary>
internal static class PasswordGrant
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call, ClientIdentity client)
    {
        if (call.Argument.Equals(TenantInPath.Common, StringComparison.OrdinalIgnoreCase))
        {
            return new(IssuerError.GrantNeedsTenant, TenantInPath.Common);
        }

        var parameters = call.Parameters;
        foreach (var name in (ReadOnlySpan<string>)["username", "password", "scope"])
        {
            if (parameters.Require(name, out _) is { } missing)
            {
                return missing;
            }
        }

        if (
            !call.Issuer.Directory.TryGetPerson(parameters["username"]!, out var person)
            || person.TenantId != client.Tenant.Id
        )
        {
            return new(IssuerError.PersonUnknown, Quoted.Of(parameters["username"]!), client.Tenant.DisplayName);
        }

        if (!IsPassword(parameters["password"]!, call.Issuer.Settings.Password))
        {
            return new(IssuerError.PasswordWrong);
        }

        var scope = parameters["scope"]!;
        if (PersonTokens.Prepare(call, client, person.Id, scope, "", out var answer) is { } barred)
        {
            return barred;
        }

        var grant = await PersonGrant.NewAsync(call, person.TenantId, person.Id, client.Application.ClientId, scope);
        await answer!.WriteAsync(call, grant);
        return null;
    }

    private static bool IsPassword(string typed, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(typed)),
            SHA256.HashData(Encoding.UTF8.GetBytes(expected))
        );
}
