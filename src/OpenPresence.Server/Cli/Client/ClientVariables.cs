namespace OpenPresence.Server.Cli.Client;

/// <summary>
/// The variables of the commands that talk to a server; those of its settings are others. Secrets come from
/// here and from files, never from arguments, which every program on the machine can read.
/// </summary>
internal static class ClientVariables
{
    /// <summary>Where the server is.</summary>
    public const string Url = "OPENPRESENCE_URL";

    /// <summary>A token to use as it is.</summary>
    public const string Token = "OPENPRESENCE_TOKEN";

    /// <summary>The tenant, by id or domain.</summary>
    public const string Tenant = "OPENPRESENCE_TENANT";

    /// <summary>The application that asks for tokens.</summary>
    public const string ClientId = "OPENPRESENCE_CLIENT_ID";

    /// <summary>Its secret.</summary>
    public const string ClientSecret = "OPENPRESENCE_CLIENT_SECRET";

    /// <summary>The password of the person of <c>--as</c>.</summary>
    public const string Password = "OPENPRESENCE_PASSWORD";

    /// <summary>The certificate authority to trust.</summary>
    public const string AuthorityFile = "OPENPRESENCE_CA_FILE";

    /// <summary>The server's setting of the same name: its data directory, where its authority is.</summary>
    public const string Data = "OPENPRESENCE_DATA";

    /// <summary>The server's setting of the same name: what opens its control API.</summary>
    public const string ControlToken = "OPENPRESENCE_CONTROL_TOKEN";

    /// <summary>Those that a server does not know.</summary>
    public static readonly string[] All = [Url, Token, Tenant, ClientId, ClientSecret, Password, AuthorityFile];

    /// <summary>The environment as a server should see it: one shell can hold the variables of both.</summary>
    public static Dictionary<string, string> Without(IReadOnlyDictionary<string, string> environment) =>
        environment
            .Where(variable => !All.Contains(variable.Key, StringComparer.Ordinal))
            .ToDictionary(StringComparer.Ordinal);
}
