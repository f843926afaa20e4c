using OpenPresence.Server.Issuer.Clients;
using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.Tokens;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.TokenEndpoint;

/// <summary>
/// What the grants of people share: may this person have these scopes through this application,
/// now?
/// </summary>
internal static class PersonTokens
{
    /// <summary>The answer that may be sent, or why not.</summary>
    /// <param name="call">The request.</param>
    /// <param name="client">The application.</param>
    /// <param name="personId">The person.</param>
    /// <param name="scopeText">What is asked for.</param>
    /// <param name="consented">The scopes that the person consented to when signing in; empty: there was no sign-in.</param>
    /// <param name="answer">The answer.</param>
    public static IssuerRefusal? Prepare(
        IssuerCall call,
        ClientIdentity client,
        Guid personId,
        string scopeText,
        string consented,
        out TokenAnswer? answer
    )
    {
        answer = null;
        if (!call.Issuer.Directory.TryGetPerson(personId, out var person))
        {
            return new(IssuerError.PersonUnknown, $"{personId}", client.Tenant.DisplayName);
        }

        if (CheckPerson(client, person) is { } barred)
        {
            return barred;
        }

        if (ScopeRequest.Parse(call, client.Tenant, scopeText, out var scope) is { } malformed)
        {
            return malformed;
        }

        if (GrantedScopes.Redeem(scope!, client.Application, consented, out var granted) is { } missing)
        {
            return missing;
        }

        answer = new TokenAnswer(client, person, granted!);
        return null;
    }

    /// <summary>
    /// Looked at whenever tokens are made, so that a disabled person's refresh token is worth
    /// nothing.
    /// </summary>
    public static IssuerRefusal? CheckPerson(ClientIdentity client, Person person)
    {
        if (person.TenantId != client.Tenant.Id)
        {
            return new(
                IssuerError.PersonOfAnotherTenant,
                person.UserPrincipalName,
                client.Tenant.DisplayName,
                client.Application.DisplayName
            );
        }

        return person.AccountEnabled ? null : new(IssuerError.PersonDisabled);
    }
}
