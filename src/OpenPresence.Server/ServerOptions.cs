namespace OpenPresence.Server;

/// <summary>Which defaults and which doors.</summary>
public enum Profile
{
    /// <summary>Loopback only, built-in issuer, demo tenant.</summary>
    Development,

    /// <summary>External issuers, no built-in issuer unless configured.</summary>
    Production,
}

/// <summary>Every setting, with its default, range and unit.</summary>
public sealed class ServerOptions
{
    public Profile Profile { get; set; } = Profile.Development;

    /// <summary>The data directory: journal, keys, certificates.</summary>
    public string DataDirectory { get; set; } = ".openpresence";

    /// <summary>Port for plain HTTP; 0: a free one; -1: none.</summary>
    public int HttpPort { get; set; } = 5080;

    /// <summary>Port for HTTPS; 0: a free one; -1: none.</summary>
    public int HttpsPort { get; set; } = 5443;

    /// <summary>Requests per application and tenant in 30 s before 429 (GET, BULK: 1,500).</summary>
    public int ThrottleRequestsPer30Seconds { get; set; } = 1500;
}
