using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.Issuer.TokenEndpoint;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// <c>/devicelogin</c>: where a person types the code that a device shows, chooses who they are,
/// and lets the device in or not.
/// </summary>
/// <remarks>
/// A form with <c>user_code</c> and <c>op_name</c> does it in one step, for scripts. Wrong codes
/// are bounded in number (<see cref="IssuerLimits.WrongUserCodesPerMinuteMax"/>): a code is short
/// enough to be typed.
/// </remarks>
internal static class DeviceLogin
{
    public const string CodeField = "user_code";

    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (!call.Issuer.Settings.SignsPeopleIn)
        {
            return new(IssuerError.SignInOff);
        }

        if (!HttpMethods.IsPost(call.Http.Request.Method))
        {
            await DevicePages.AskAsync(call, StatusCodes.Status200OK, null);
            return null;
        }

        if (OwnForm.Check(call) is { } foreign)
        {
            return foreign;
        }

        var attempts = call.Issuer.WrongUserCodes;
        if (!attempts.Allows(call.Now))
        {
            return new(IssuerError.UserCodesTooMany);
        }

        var code = DeviceCodes.Normalize(call.Parameters[CodeField] ?? "");
        if (
            !call.Issuer.Devices.TryGetUndecided(code, call.Now, out var device)
            || !call.Issuer.Directory.TryGetApplication(device.ClientId, out var application)
            || !call.Issuer.Directory.TryGetTenant(device.TenantId, out var tenant)
        )
        {
            attempts.Count(call.Now);
            var message = IssuerErrors.Message(new(IssuerError.UserCodeUnknown));
            await DevicePages.AskAsync(call, StatusCodes.Status400BadRequest, message);
            return null;
        }

        await DecideAsync(call, code, application, tenant);
        return null;
    }

    private static async Task DecideAsync(IssuerCall call, string code, Application application, Tenant tenant)
    {
        var parameters = call.Parameters;
        if (parameters[Login.CancelField] is not null)
        {
            var denied = call.Issuer.Devices.TryDecide(code, null, call.Now);
            await DevicePages.DoneAsync(call, application, denied, isSignedIn: false);
            return;
        }

        var isChosen = parameters[Login.PersonField] is not null || parameters[Login.NameField] is not null;
        var person = Login.FindPerson(call);
        if (person is not { AccountEnabled: true } || person.TenantId != tenant.Id)
        {
            await DevicePages.ChooseAsync(
                call,
                application,
                tenant,
                isChosen ? "There is nobody of that name who can sign in here." : null
            );
            return;
        }

        var approved = call.Issuer.Devices.TryDecide(code, person.Id, call.Now);
        await DevicePages.DoneAsync(call, application, approved, isSignedIn: true);
    }
}
