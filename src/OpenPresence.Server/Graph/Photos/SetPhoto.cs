using OpenPresence.Server.Contracts;
using OpenPresence.Server.Photos;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Photos;

/// <summary>Gives a person another photo, or takes it away.</summary>
/// <remarks>
/// <para>Route: PUT, DELETE /me/photo/$value · /users/{id}/photo/$value; {id} may be the user principal
/// name</para>
/// <para>Permissions: User.ReadWrite (own), ProfilePhoto.ReadWrite.All, User.ReadWrite.All; application:
/// ProfilePhoto.ReadWrite.All, User.ReadWrite.All.</para>
/// <para>Body: the picture, JPEG or PNG, up to 4 MiB; DELETE: none.</para>
/// <para>Answers: 200 kept; 204 taken away, or there was none; 400 no picture; 401; 403; 404 no person of that id in
/// the
/// caller's tenant, or one without attributes; 413; 415; 429; 503.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/profilephoto-update</para>
/// </remarks>
public static class SetPhoto
{
    private static readonly string[] MediaTypes = ["image/jpeg", "image/png", "image/*", "application/octet-stream"];

    public static async ValueTask<Refusal?> Handle(GraphCall call)
    {
        var request = call.Http.Request;
        using var read = await BodyReader.ReadAsync(
            request,
            call.Http.RequestAborted,
            MediaTypeOf(request),
            PhotoFiles.BytesMax
        );
        if (read.Refusal is not null)
        {
            return read.Refusal;
        }
        var name = PhotoFiles.NameOf(read.Bytes.Span);
        if (Picture.Read(read.Bytes.Span, name) is not { } photo)
        {
            return new Refusal(
                RefusalKind.BadRequest,
                $"The body is no JPEG or PNG picture of up to {Picture.SidePixelsMax} pixels a side."
            );
        }
        if (!IsInDirectory(call))
        {
            return new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());
        }
        try
        {
            await call.Server.Photos.StoreAsync(name, read.Bytes);
        }
        catch (IOException outage)
        {
            call.Server.Log.LogWarning(outage, "request {RequestId} not stored", call.RequestId);
            return new Refusal(RefusalKind.ServiceUnavailable, "The picture could not be stored.")
            {
                RetryAfterSeconds = RefusalTable.OutageRetryAfterSeconds,
            };
        }
        return await ApplyAsync(call, photo, StatusCodes.Status200OK);
    }

    public static async ValueTask<Refusal?> HandleDelete(GraphCall call) =>
        IsInDirectory(call)
            ? await ApplyAsync(call, null, StatusCodes.Status204NoContent)
            : new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());

    /// <summary>The type that was sent, if it is one of ours; otherwise the one that the refusal names.</summary>
    private static string MediaTypeOf(HttpRequest request)
    {
        var sent = request.ContentType?.Split(';', 2)[0].Trim();
        return MediaTypes.FirstOrDefault(type => type.Equals(sent, StringComparison.OrdinalIgnoreCase))
            ?? MediaTypes[0];
    }

    private static bool IsInDirectory(GraphCall call) =>
        call.Server.Directory.TryGetPerson(call.SubjectId, out var person) && person.TenantId == call.Caller.TenantId;

    private static async ValueTask<Refusal?> ApplyAsync(GraphCall call, PersonPhoto? photo, int status)
    {
        var result = AnsweredSequence.Tell(
            call,
            await call.Server.Node.ExecuteAsync(new PersonPhotoChanged(call.SubjectId, photo))
        );
        if (result.Directory != DirectoryOutcome.Done)
        {
            return new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());
        }
        call.Http.Response.StatusCode = status;
        call.Http.Response.ContentLength = status == StatusCodes.Status204NoContent ? null : 0;
        return null;
    }
}
