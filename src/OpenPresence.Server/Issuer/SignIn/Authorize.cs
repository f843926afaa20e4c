using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// <c>/{tenant}/oauth2/v2.0/authorize</c>: an application sends a browser here to have a person
/// signed in.
/// </summary>
/// <remarks>
/// Who signs in, in this order: nobody has to be asked when <c>login_hint</c> names a person (ours:
/// there is no password that would have to be typed, and so a test needs no browser) or when the
/// browser has a session; otherwise, and whenever <c>prompt</c> says so, the page to choose from is
/// shown.
/// </remarks>
internal static class Authorize
{
    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (!call.Issuer.Settings.SignsPeopleIn)
        {
            return new(IssuerError.SignInOff);
        }

        if (ReturnAddress.Find(call, out var address) is { } nowhere)
        {
            return nowhere;
        }

        if (AuthorizeRequest.Parse(call, address!, out var request) is { } refusal)
        {
            await address!.SendAsync(call, refusal);
            return null;
        }

        var person = await FindPersonAsync(call, request!);
        if (person is not null)
        {
            await SignInAnswer.SendAsync(call, request!, person);
        }
        else if (request!.MustBeSilent)
        {
            await address!.SendAsync(call, new IssuerRefusal(IssuerError.SignInNeeded));
        }
        else
        {
            await PickerPage.WriteAsync(call, request, StatusCodes.Status200OK, null);
        }

        return null;
    }

    private static async ValueTask<Person?> FindPersonAsync(IssuerCall call, AuthorizeRequest request)
    {
        if (request.MustAsk)
        {
            return null;
        }

        var session = await BrowserSession.FindAsync(call, request.Address.Client);
        if (request.LoginHint is not { } hint)
        {
            return session;
        }

        // "Silently" means: with the session that is there, and not: with a new one.
        if (request.MustBeSilent)
        {
            return session is not null && IsSame(session, hint) ? session : null;
        }

        return
            call.Issuer.Directory.TryGetPerson(hint, out var hinted)
            && hinted.TenantId == request.Address.Client.Tenant.Id
            ? hinted
            : null;
    }

    private static bool IsSame(Person person, string hint) =>
        person.UserPrincipalName.Equals(hint, StringComparison.OrdinalIgnoreCase);
}
