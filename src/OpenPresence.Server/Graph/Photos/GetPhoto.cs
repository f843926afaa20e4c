using System.Globalization;
using System.Text.Json;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Graph.Photos;

/// <summary>Reads a person's photo, or what is known of it.</summary>
/// <remarks>
/// <para>Route: GET /me/photo · /users/{id}/photo · the same with /$value · /photos · /photos/{size} ·
/// /photos/{size}/$value; {id} may be the user principal name</para>
/// <para>Permissions: User.Read (own), ProfilePhoto.Read.All, User.ReadBasic.All and higher; application:
/// ProfilePhoto.Read.All and higher.</para>
/// <para>Body: none. Query: $select of what is known, $top of the list. Header: If-None-Match.</para>
/// <para>Answers: 200 the picture with its own type and an ETag, or its id, width and height; 304 when the client has
/// it; 400 unknown property in $select; 401; 403; 404 no person of that id, no photo, or no such size; 429. Every size
/// that Graph knows is
/// answered with the one picture that is kept, which is not resized.</para>
/// <para>Source: https://learn.microsoft.com/graph/api/profilephoto-get</para>
/// </remarks>
public static class GetPhoto
{
    /// <summary>The sizes that Graph knows (profilephoto-get page, D).</summary>
    private static readonly int[] Sides = [48, 64, 96, 120, 240, 360, 432, 504, 648];

    private static readonly string[] Members = ["id", "height", "width"];

    private static readonly string[] OneSupported = ["select"];

    /// <summary>Of a list of one, the top is all of it.</summary>
    private static readonly string[] ListSupported = ["select", "top"];

    /// <summary>Answers with the picture.</summary>
    public static async ValueTask<Refusal?> HandleValue(GraphCall call)
    {
        if (Find(call, out var photo) is { } refusal)
        {
            return refusal;
        }
        var (request, response) = (call.Http.Request, call.Http.Response);
        var tag = TagOf(photo!);
        response.Headers.ETag = tag;
        if (request.Headers.IfNoneMatch.ToString().Contains(tag, StringComparison.Ordinal))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return null;
        }
        if (await call.Server.Photos.ReadAsync(photo!.Sha256, call.Http.RequestAborted) is not { } picture)
        {
            call.Server.Log.LogWarning("the picture {Name} of a photo is missing", photo.Sha256);
            return new Refusal(RefusalKind.ImageNotFound);
        }
        response.ContentType = photo.MediaType;
        response.ContentLength = picture.Length;
        response.Headers.XContentTypeOptions = "nosniff";
        await response.Body.WriteAsync(picture, call.Http.RequestAborted);
        return null;
    }

    /// <summary>Answers with what is known of the photo.</summary>
    public static ValueTask<Refusal?> HandleInfo(GraphCall call)
    {
        var refusal = ReadQuery(call, OneSupported, out var members);
        if (refusal is not null)
        {
            return new(refusal);
        }
        refusal = Find(call, out var photo);
        if (refusal is null)
        {
            JsonAnswer.Write(
                call,
                $"users('{call.SubjectId}')/photo/$entity",
                json => WriteInfo(json, photo!, members)
            );
        }
        return new(refusal);
    }

    /// <summary>Answers with a list of the one photo, or of none.</summary>
    public static ValueTask<Refusal?> HandleList(GraphCall call)
    {
        var refusal = ReadQuery(call, ListSupported, out var members);
        if (refusal is not null)
        {
            return new(refusal);
        }
        refusal = Find(call, out var photo);
        if (refusal is null or { Kind: RefusalKind.ImageNotFound })
        {
            JsonAnswer.Write(
                call,
                $"users('{call.SubjectId}')/photos",
                json =>
                {
                    json.WriteStartArray("value");
                    if (photo is not null)
                    {
                        json.WriteStartObject();
                        WriteInfo(json, photo, members);
                        json.WriteEndObject();
                    }
                    json.WriteEndArray();
                }
            );
            return default;
        }
        return new(refusal);
    }

    private static Refusal? ReadQuery(GraphCall call, string[] supported, out string[] members)
    {
        members = Members;
        if (QueryOptions.Parse(call, supported, out var query) is { } refusal)
        {
            return refusal;
        }
        if (query.Select is not { } select)
        {
            return null;
        }
        members = select.Split(',', StringSplitOptions.TrimEntries);
        return Array.Find(members, name => !Members.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? new Refusal(
                RefusalKind.BadRequest,
                $"Could not find a property named '{unknown}' on type 'microsoft.graph.profilePhoto'."
            )
            {
                Target = "$select",
                Details = [new("allowedValues", string.Join(", ", Members))],
            }
            : null;
    }

    private static Refusal? Find(GraphCall call, out PersonPhoto? photo)
    {
        photo = null;
        if (!SubjectCheck.Exists(call))
        {
            return new Refusal(RefusalKind.UserNotFound, call.SubjectId.ToString());
        }
        if (call.Server.Directory.TryGetPerson(call.SubjectId, out var person))
        {
            photo = person.Photo;
        }
        return photo is null || !IsSize(call.InnerKey, photo) ? new Refusal(RefusalKind.ImageNotFound) : null;
    }

    /// <summary>Whether a photo has that size: none was named, Graph knows it, or it is the picture's own.</summary>
    private static bool IsSize(ReadOnlySpan<char> size, PersonPhoto photo)
    {
        if (size.IsEmpty || size.Equals(IdOf(photo), StringComparison.OrdinalIgnoreCase))
        {
            return true;
        }
        foreach (var side in Sides)
        {
            if (size.Equals($"{side}x{side}", StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }
        return false;
    }

    private static void WriteInfo(Utf8JsonWriter json, PersonPhoto photo, string[] members)
    {
        json.WriteString("@odata.mediaContentType", photo.MediaType);
        json.WriteString("@odata.mediaEtag", TagOf(photo));
        if (IsShown("id"))
        {
            json.WriteString("id", IdOf(photo));
        }
        if (IsShown("height"))
        {
            json.WriteNumber("height", photo.Height);
        }
        if (IsShown("width"))
        {
            json.WriteNumber("width", photo.Width);
        }

        bool IsShown(string name) => members.Contains(name, StringComparer.OrdinalIgnoreCase);
    }

    private static string IdOf(PersonPhoto photo) =>
        string.Create(CultureInfo.InvariantCulture, $"{photo.Width}X{photo.Height}");

    private static string TagOf(PersonPhoto photo) => $"\"{photo.Sha256}\"";
}
