namespace OpenPresence.Server.Contracts;

/// <summary>
/// The application as which the page acts in development. It stands in no directory: nobody can sign in to it and it
/// has no secret, only the control API makes tokens for it. Its requests are neither noted nor met by faults. The page
/// looks on while somebody tests a program; it must not use up the two failures that were meant for that
/// program, nor stand in the list of requests that a test counts.
/// </summary>
public static class PageApplication
{
    /// <summary>Its client id, and so the id of its sessions.</summary>
    public static readonly Guid Id = new("0be1c0de-5a6e-4d70-8f10-9a6e0be1c0de");

    /// <summary>What tokens call it.</summary>
    public const string DisplayName = "OpenPresence page";
}
