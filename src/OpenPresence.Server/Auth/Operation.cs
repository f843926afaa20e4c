namespace OpenPresence.Server.Auth;

/// <summary>Every Graph operation that has a row in the permission table, named as Graph names it.</summary>
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
}
