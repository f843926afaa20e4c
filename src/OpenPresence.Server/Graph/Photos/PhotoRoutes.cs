using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Photos;

/// <summary>The routes of photos, each for oneself and for others.</summary>
public static class PhotoRoutes
{
    private const string Get = "https://learn.microsoft.com/graph/api/profilephoto-get";
    private const string Update = "https://learn.microsoft.com/graph/api/profilephoto-update";

    // csharpier-ignore-start
    public static IReadOnlyList<GraphRoute> Table { get; } =
    [
        .. Both("GET", "photo", Operation.GetMyPhoto, Operation.GetUserPhoto, GetPhoto.HandleInfo, Get),
        .. Both("GET", "photo/$value", Operation.GetMyPhoto, Operation.GetUserPhoto, GetPhoto.HandleValue, Get),
        .. Both("GET", "photos", Operation.GetMyPhotoSized, Operation.GetUserPhotoSized, GetPhoto.HandleList, Get),
        .. Both("GET", "photos/{size}", Operation.GetMyPhotoSized, Operation.GetUserPhotoSized, GetPhoto.HandleInfo, Get),
        .. Both("GET", "photos/{size}/$value", Operation.GetMyPhotoSized, Operation.GetUserPhotoSized, GetPhoto.HandleValue, Get),
        .. Both("PUT", "photo/$value", Operation.UpdatePhoto, Operation.UpdatePhoto, SetPhoto.Handle, Update),
        .. Both("DELETE", "photo/$value", Operation.UpdatePhoto, Operation.UpdatePhoto, SetPhoto.HandleDelete, Update),
    ];
    // csharpier-ignore-end

    private static GraphRoute[] Both(
        string method,
        string path,
        Operation mine,
        Operation others,
        GraphHandler handle,
        string source
    ) => GraphRoute.OfEachPerson(method, path, mine, others, handle, source, RefusalKind.DirectoryPermissionMissing);
}
