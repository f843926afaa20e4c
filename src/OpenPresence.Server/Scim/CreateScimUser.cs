using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>Adds a person.</summary>
/// <remarks>
/// <para>Route: POST /scim/v2/Users</para>
/// <para>Permissions: a provisioning token of the tenant.</para>
/// <para>Body: a user of the core schema, the enterprise extension at will; userName is required.</para>
/// <para>Answers: 201 the user, its address in Location; 400 invalidSyntax, invalidValue; 401; 403 the tenant is not
/// in the directory; 409 uniqueness: userName, externalId or id is taken; 413; 415; 429; 503.</para>
/// <para>Source: RFC 7644, 3.3</para>
/// </remarks>
internal static class CreateScimUser
{
    public static async ValueTask<ScimFault?> HandleAsync(ScimCall call, string _)
    {
        if (Projection.Parse(call.Http.Request.Query, out var fault) is not { } projection)
        {
            return fault;
        }
        if (!call.Server.Directory.TryGetTenant(call.Client.TenantId, out var tenant))
        {
            return UserRevision.NoTenant;
        }
        var (body, unreadable) = await call.ReadBodyAsync();
        if (body is null)
        {
            return unreadable;
        }
        using var read = body;
        var faults = new ScimFaults();
        var document = new UserReader(faults).Read(body.RootElement);
        var id = Guid.NewGuid();
        if (
            call.Client.IdFromExternalId
            && (!Guid.TryParseExact(document["externalId"]?.GetValue<string>(), "D", out id) || id == Guid.Empty)
        )
        {
            faults.Add(ScimWords.InvalidValue, "externalId must be a GUID: it becomes the id.");
        }
        var person = UserDocument.ToPerson(document, id, tenant, former: null, faults);
        if (faults.Any)
        {
            return faults.ToFault();
        }
        var outcome = await UserRevision.StoreAsync(call, person, PersonVersion.None);
        if (outcome == DirectoryOutcome.Done)
        {
            await call.AnswerUserAsync(StatusCodes.Status201Created, person, projection);
            return null;
        }
        return outcome == DirectoryOutcome.PersonChanged ? ScimFault.Taken("The id") : UserRevision.FaultOf(outcome);
    }
}
