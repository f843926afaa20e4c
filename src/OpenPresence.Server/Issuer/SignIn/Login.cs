using OpenPresence.Server.Issuer.Protocol;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Issuer.SignIn;

/// <summary>
/// <c>POST /{tenant}/login</c>: what was chosen on the page of <see cref="Authorize"/>. The whole
/// request comes again with it and is judged again; nothing of it was kept.
/// </summary>
internal static class Login
{
    /// <summary>A person's id, chosen from the list.</summary>
    public const string PersonField = "op_person";

    /// <summary>A person's name, typed.</summary>
    public const string NameField = "op_name";

    /// <summary>The user changed their mind.</summary>
    public const string CancelField = "op_cancel";

    public static async ValueTask<IssuerRefusal?> AnswerAsync(IssuerCall call)
    {
        if (!call.Issuer.Settings.SignsPeopleIn)
        {
            return new(IssuerError.SignInOff);
        }

        if (OwnForm.Check(call) is { } foreign)
        {
            return foreign;
        }

        if (ReturnAddress.Find(call, out var address) is { } nowhere)
        {
            return nowhere;
        }

        if (AuthorizeRequest.Parse(call, address!, out var request) is { } refusal)
        {
            await address!.SendAsync(call, refusal);
        }
        else if (call.Parameters[CancelField] is not null)
        {
            await address!.SendAsync(call, new IssuerRefusal(IssuerError.SignInDeclined));
        }
        else if (FindPerson(call) is { } person)
        {
            await SignInAnswer.SendAsync(call, request!, person);
        }
        else
        {
            await PickerPage.WriteAsync(
                call,
                request!,
                StatusCodes.Status400BadRequest,
                "There is nobody of that name. Check it, or choose from the list."
            );
        }

        return null;
    }

    /// <summary>Whom the form names; null: no person.</summary>
    public static Person? FindPerson(IssuerCall call)
    {
        var directory = call.Issuer.Directory;
        if (Guid.TryParseExact(call.Parameters[PersonField], "D", out var id))
        {
            return directory.TryGetPerson(id, out var chosen) ? chosen : null;
        }

        return call.Parameters[NameField] is { } name && directory.TryGetPerson(name.Trim(), out var typed)
            ? typed
            : null;
    }
}
