using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Issuer;

/// <summary>How the built-in issuer behaves.</summary>
public sealed record IssuerSettings
{
    /// <summary>
    /// What clients call this server; only its scheme, host and port count. Default: each
    /// request's.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// Whose host names and audiences. A request to another cloud's login host is of that cloud.
    /// </summary>
    public Cloud Cloud { get; init; } = Cloud.Global;

    /// <summary>
    /// Host names of this server, without ports: <c>https://{host}/.default</c> means its Graph.
    /// The host of the request is always one of them.
    /// </summary>
    public IReadOnlyList<string> OwnHosts { get; init; } = [];

    /// <summary>
    /// Whether people get tokens at all. Nobody proves who they are here: on the page one chooses a
    /// person, and a password, where a flow wants one, is the same for all. So this is for
    /// development only; without it the issuer serves applications with secrets and certificates,
    /// which do prove who they are.
    /// </summary>
    public bool SignsPeopleIn { get; init; } = true;

    /// <summary>The password of every person, in the flow that wants one.</summary>
    public string Password { get; init; } = "demo";

    /// <summary>
    /// Whether a refresh token ends shortly after its first use, when another one took its place. Default: it stays valid,
    /// as Entra ID's do.
    /// </summary>
    public bool RotatesRefreshTokens { get; init; }

    /// <summary>How often a device may ask. Default 5 seconds, as Entra ID.</summary>
    public TimeSpan DeviceCodePollInterval { get; init; } = TimeSpan.FromSeconds(5);
}
