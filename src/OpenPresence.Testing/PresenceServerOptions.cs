namespace OpenPresence.Testing;

/// <summary>How a server for tests differs from the usual one; nothing has to be set.</summary>
public sealed record PresenceServerOptions
{
    /// <summary>
    /// A seed file in place of the tenant without people that a test begins with: tenants, applications, people and
    /// what they show. Its first tenant is the one that tokens are for.
    /// </summary>
    public string? SeedFile { get; init; }

    /// <summary>
    /// Whether the server is reached over HTTPS, with a certificate of its own that the clients of
    /// <see cref="PresenceServer.CreateClient(string[])"/> and the handlers of <see cref="PresenceServer.CreateHandler"/>
    /// trust. Credentials of Azure.Identity want it. Default: false, which starts sooner.
    /// </summary>
    public bool UseHttps { get; init; }

    /// <summary>
    /// The longest that anything waits which waits for something to happen, by the system's clock. Default: 10 seconds.
    /// </summary>
    public TimeSpan WaitLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Told each line that the server logs, for example to <c>ITestOutputHelper.WriteLine</c>; called by any thread.
    /// Tokens and secrets are never logged. Default: nobody is.
    /// </summary>
    public Action<string>? Log { get; init; }
}
