namespace OpenPresence.Server.Scim;

/// <summary>Reads one person.</summary>
/// <remarks>
/// <para>Route: GET /scim/v2/Users/{id}</para>
/// <para>Permissions: a provisioning token of the tenant.</para>
/// <para>Body: none. Query: attributes, excludedAttributes.</para>
/// <para>Answers: 200 the user; 400 invalidValue; 401; 404 no person of that id in the tenant; 429.</para>
/// <para>Source: RFC 7644, 3.4.1</para>
/// </remarks>
internal static class GetScimUser
{
    public static async ValueTask<ScimFault?> HandleAsync(ScimCall call, string id)
    {
        if (Projection.Parse(call.Http.Request.Query, out var fault) is not { } projection)
        {
            return fault;
        }
        if (!call.TryGetPerson(id, out var person))
        {
            return ScimFault.NotFound($"The user {ScimFaults.Quoted(id)}");
        }
        await call.AnswerUserAsync(StatusCodes.Status200OK, person, projection);
        return null;
    }
}
