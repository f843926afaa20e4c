using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Users;

/// <summary>What a presence client asks of the directory: people, and who they belong to.</summary>
public static class DirectoryRoutes
{
    private const string User = "https://learn.microsoft.com/graph/api/user-get";
    private const string Users = "https://learn.microsoft.com/graph/api/user-list";
    private const string Count = "https://learn.microsoft.com/graph/aad-advanced-queries";
    private const string Manager = "https://learn.microsoft.com/graph/api/user-list-manager";
    private const string People = "https://learn.microsoft.com/graph/api/user-list-people";
    private const string Organization = "https://learn.microsoft.com/graph/api/organization-list";

    // csharpier-ignore-start
    public static IReadOnlyList<GraphRoute> Table { get; } =
    [
        Row("/me", Operation.GetMe, Subject.Me, GetUser.Handle, User),
        Row("/users/{id}", Operation.GetUser, Subject.KeyOrName, GetUser.Handle, User),
        Row("/users", Operation.ListUsers, Subject.Several, ListUsers.Handle, Users),
        Row("/users/$count", Operation.ListUsers, Subject.Several, CountUsers.Handle, Count),
        Row("/me/people", Operation.ListMyPeople, Subject.Me, ListPeople.Handle, People),
        Row("/users/{id}/people", Operation.ListUserPeople, Subject.KeyOrName, ListPeople.Handle, People),
        Row("/me/manager", Operation.GetManager, Subject.Me, ManagerLookup.Handle, Manager),
        Row("/users/{id}/manager", Operation.GetManager, Subject.KeyOrName, ManagerLookup.Handle, Manager),
        Row("/organization", Operation.ListOrganization, Subject.Several, ListOrganization.Handle, Organization),
    ];
    // csharpier-ignore-end

    private static GraphRoute Row(
        string template,
        Operation operation,
        Subject subject,
        GraphHandler handle,
        string source
    ) =>
        new(HttpMethods.Get, template, operation, subject, CloudSet.All, handle, source)
        {
            Denial = RefusalKind.DirectoryPermissionMissing,
        };
}
