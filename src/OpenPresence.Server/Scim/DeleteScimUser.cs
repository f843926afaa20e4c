using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Scim;

/// <summary>Removes a person, with everything known of the person's presence.</summary>
/// <remarks>
/// <para>Route: DELETE /scim/v2/Users/{id}</para>
/// <para>Permissions: a provisioning token of the tenant.</para>
/// <para>Body: none.</para>
/// <para>Answers: 204; 401; 404 no person of that id in the tenant, also the second time; 429; 503.</para>
/// <para>Source: RFC 7644, 3.6</para>
/// </remarks>
internal static class DeleteScimUser
{
    public static async ValueTask<ScimFault?> HandleAsync(ScimCall call, string id)
    {
        var outcome = call.TryGetPerson(id, out var person)
            ? (await call.Server.Node.ExecuteAsync(new PersonRemoved(person.Id))).Directory
            : DirectoryOutcome.PersonUnknown;
        if (outcome != DirectoryOutcome.Done)
        {
            return ScimFault.NotFound($"The user {ScimFaults.Quoted(id)}");
        }
        call.Server.Log.LogInformation(
            "provisioning: removed {Person} of tenant {Tenant}",
            person!.Id,
            person.TenantId
        );
        call.Http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }
}
