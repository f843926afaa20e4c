namespace OpenPresence.Server.Scim;

/// <summary>Gives a person other attributes, all of them.</summary>
/// <remarks>
/// <para>Route: PUT /scim/v2/Users/{id}</para>
/// <para>Permissions: a provisioning token of the tenant.</para>
/// <para>Body: a user, as to POST. What it leaves out is cleared, but for active and timezone, which always have a
/// value; an id, if there is one, must be that of the path.</para>
/// <para>Answers: 200 the user; 400 invalidSyntax, invalidValue, mutability; 401; 404; 409 uniqueness; 413; 415; 429;
/// 503.</para>
/// <para>Source: RFC 7644, 3.5.1</para>
/// </remarks>
internal static class ReplaceScimUser
{
    public static async ValueTask<ScimFault?> HandleAsync(ScimCall call, string id)
    {
        var (body, fault) = await call.ReadBodyAsync();
        if (body is null)
        {
            return fault;
        }
        using var read = body;
        return await UserRevision.AnswerAsync(
            call,
            id,
            (former, tenant, faults) =>
            {
                foreach (var member in body.RootElement.EnumerateObject())
                {
                    if (
                        member.Name.Equals("id", StringComparison.OrdinalIgnoreCase)
                        && !UserPatch.IsId(member.Value, former.Id)
                    )
                    {
                        faults.Add(ScimWords.Mutability, "id is not that of the path.");
                    }
                }
                var document = new UserReader(faults).Read(body.RootElement);
                return UserDocument.ToPerson(document, former.Id, tenant, former, faults);
            }
        );
    }
}
