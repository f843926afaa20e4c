namespace OpenPresence.Server.Settings;

/// <summary>The folders of a data directory.</summary>
public static class DataFolders
{
    /// <summary>The journal, where it is in files.</summary>
    public const string Journal = "journal";

    /// <summary>Signing keys: of the built-in issuer, and of notifications.</summary>
    public const string Keys = "keys";

    /// <summary>People's photos.</summary>
    public const string Photos = "photos";
}
