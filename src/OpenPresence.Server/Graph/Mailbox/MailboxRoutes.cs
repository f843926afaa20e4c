using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph.Mailbox;

/// <summary>The routes of mailbox settings, each for oneself and for others.</summary>
public static class MailboxRoutes
{
    private const string Get = "https://learn.microsoft.com/graph/api/user-get-mailboxsettings";
    private const string Update = "https://learn.microsoft.com/graph/api/user-update-mailboxsettings";

    // csharpier-ignore-start
    public static IReadOnlyList<GraphRoute> Table { get; } =
    [
        .. Both("GET", "mailboxSettings", Operation.GetMailboxSettings, GetMailboxSettings.Handle, Get),
        .. Both("GET", "mailboxSettings/automaticRepliesSetting", Operation.GetMailboxSettings, GetMailboxSettings.HandleReplies, Get),
        .. Both("GET", "mailboxSettings/timeZone", Operation.GetMailboxSettings, GetMailboxSettings.HandleTimeZone, Get),
        .. Both("PATCH", "mailboxSettings", Operation.UpdateMailboxSettings, UpdateMailboxSettings.Handle, Update),
    ];
    // csharpier-ignore-end

    private static GraphRoute[] Both(
        string method,
        string path,
        Operation operation,
        GraphHandler handle,
        string source
    ) =>
        GraphRoute.OfEachPerson(
            method,
            path,
            operation,
            operation,
            handle,
            source,
            RefusalKind.MailboxPermissionMissing
        );
}
