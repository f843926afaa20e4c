using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>
/// What PUT and PATCH share: from a person as they are now work out what they shall be, and store it on the condition
/// that they are still the same. If somebody else was quicker, once more from the start. So no two changes at one
/// moment undo each other, and whoever was deleted meanwhile does not come back.
/// </summary>
internal static class UserRevision
{
    /// <summary>How often it starts over; one for each writer who came between.</summary>
    public const int AttemptsMax = 16;

    /// <summary>Changes a person and answers with what came of it.</summary>
    public static async ValueTask<ScimFault?> AnswerAsync(
        ScimCall call,
        string id,
        Func<Person, Tenant, ScimFaults, Person> change
    )
    {
        if (Projection.Parse(call.Http.Request.Query, out var fault) is not { } projection)
        {
            return fault;
        }
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            if (
                !call.TryGetPerson(id, out var former)
                || !call.Server.Directory.TryGetTenant(former.TenantId, out var tenant)
            )
            {
                return ScimFault.NotFound($"The user {ScimFaults.Quoted(id)}");
            }
            var faults = new ScimFaults();
            var person = change(former, tenant, faults);
            if (faults.Any)
            {
                return faults.ToFault();
            }
            var outcome =
                person == former ? DirectoryOutcome.Done : await StoreAsync(call, person, PersonVersion.Of(former));
            if (outcome == DirectoryOutcome.Done)
            {
                await call.AnswerUserAsync(StatusCodes.Status200OK, person, projection);
                return null;
            }
            if (outcome != DirectoryOutcome.PersonChanged)
            {
                return FaultOf(outcome);
            }
        }
        return FaultOf(DirectoryOutcome.PersonChanged);
    }

    /// <summary>Stores a person on condition, and leaves a line in the log of whom it was about.</summary>
    public static async ValueTask<DirectoryOutcome> StoreAsync(ScimCall call, Person person, PersonVersion was)
    {
        var outcome = (await call.Server.Node.ExecuteAsync(new PersonRevised(person, was))).Directory;
        if (outcome == DirectoryOutcome.Done)
        {
            call.Server.Log.LogInformation(
                "provisioning: {What} {Person} of tenant {Tenant}",
                was == PersonVersion.None ? "added"
                    : person.AccountEnabled ? "changed"
                    : "changed the disabled",
                person.Id,
                person.TenantId
            );
        }
        return outcome;
    }

    /// <summary>What an outcome is for the provider; of other tenants it learns nothing but that a name is taken.</summary>
    public static ScimFault FaultOf(DirectoryOutcome outcome) =>
        outcome switch
        {
            DirectoryOutcome.UserPrincipalNameTaken => ScimFault.Taken("The userName"),
            DirectoryOutcome.ExternalIdTaken => ScimFault.Taken("The externalId"),
            DirectoryOutcome.IdOfAnotherTenant => ScimFault.Taken("The id"),
            DirectoryOutcome.PersonChanged => new ScimFault(
                StatusCodes.Status409Conflict,
                null,
                "The user was changed by others all the while; try again."
            ),
            DirectoryOutcome.TenantUnknown => NoTenant,
            _ => throw new NotSupportedException($"No answer for {outcome}."),
        };

    /// <summary>The settings name a tenant that the directory does not have.</summary>
    public static ScimFault NoTenant { get; } =
        new(
            StatusCodes.Status403Forbidden,
            null,
            "The tenant of this token is not in the directory; whoever runs the server must seed it."
        );
}
