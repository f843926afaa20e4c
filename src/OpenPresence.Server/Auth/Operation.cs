namespace OpenPresence.Server.Auth;

/// <summary>
/// Every operation that has a row in the permission table (<c>permissions.json</c>), named as Graph names
/// it; those that Graph does not have are marked as ours there. A member without a row, or a row without a member, stops the start.
/// </summary>
public enum Operation : byte
{
    GetMyPresence,
    GetUserPresence,
    GetCommunicationsPresence,
    ListCommunicationsPresences,
    GetPresencesByUserId,
    SetPresence,
    ClearPresence,
    SetUserPreferredPresence,
    ClearUserPreferredPresence,
    SetStatusMessage,
    SetManualLocation,
    SetAutomaticLocation,
    ClearAutomaticLocation,
    ClearLocation,
    ReportDevice,
    RemoveDevice,
    SetCalendar,
    ClearCalendar,
    ExplainPresence,
    GetMailboxSettings,
    UpdateMailboxSettings,
    GetMe,
    ListUsers,
    GetUser,
    GetMyPhoto,
    GetUserPhoto,
    GetMyPhotoSized,
    GetUserPhotoSized,
    ListOrganization,
    ListMyPeople,
    GetManager,
    CreatePresenceSubscription,
    UpdateSubscription,
    DeleteSubscription,
    GetSubscription,
    Batch,
    ListUserPeople,
    UpdatePhoto,
    GetMetadata,
}
