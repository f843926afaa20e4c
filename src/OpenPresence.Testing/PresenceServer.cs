using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;

namespace OpenPresence.Testing;

/// <summary>
/// A Microsoft Graph presence server inside of a test: on a free port of this machine, with a tenant of its own, and with a
/// clock that stands still until the test moves it. Several can run side by side. Disposing one ends its connections
/// and removes its files.
/// </summary>
/// <example>
/// <code>
/// await using var presence = await PresenceServer.StartAsync();
/// var mara = await presence.AddPersonAsync("Mara Lindqvist");
/// await mara.ShowAsync("Busy", "InACall");
/// using var graph = presence.CreateClient();
/// var answer = await graph.GetStringAsync($"users/{mara.Id}/presence");
/// </code>
/// </example>
public sealed class PresenceServer : IAsyncDisposable
{
    private readonly ServerHost host;
    private readonly string folder;
    private readonly TokenMint tokens;
    private readonly List<HttpMessageHandler> handlers = [];
    private bool isDisposed;

    /// <summary>Where its data lie for as long as it lives.</summary>
    internal string Folder => folder;

    private PresenceServer(ServerHost host, string folder, PresenceServerOptions options)
    {
        (this.host, this.folder) = (host, folder);
        WaitLimit = options.WaitLimit;
        Url = (options.UseHttps ? host.Addresses.Https : host.Addresses.Http)!;
        tokens = new TokenMint(host);
        ControlClient = new HttpClient(CreateHandler()) { BaseAddress = Url };
        Control = new ControlCalls(ControlClient);
        Clock = new PresenceClock(this, host.Node);
        Requests = new SeenLog<SeenRequest>("request", WaitLimit);
        Deliveries = new SeenLog<SeenDelivery>("delivery", WaitLimit);
        host.Tools!.Requests!.Noted = request => Requests.Add(SeenRequest.Of(request));
        host.Delivery.Deliveries.Added = (id, attempt) => Deliveries.Add(SeenDelivery.Of(id, attempt));
    }

    /// <summary>Where the server is: scheme, host and port. Also the authority that tokens come from.</summary>
    public Uri Url { get; }

    /// <summary>What Graph clients take for <c>https://graph.microsoft.com/v1.0</c>.</summary>
    public Uri GraphUrl => new(Url, "v1.0/");

    /// <summary>The tenant that people are added to and tokens are for.</summary>
    public string TenantId => tokens.Tenant.Id.ToString();

    /// <summary>The application that <see cref="CreateClient(string[])"/> acts as; its secret is <see cref="ClientSecret"/>.</summary>
    public string ApplicationId => tokens.ApplicationId.ToString();

    /// <summary>
    /// The secret of <see cref="ApplicationId"/>, for code that gets its token itself, from
    /// <c>{Url}{TenantId}/oauth2/v2.0/token</c>. Of another seed: what that says.
    /// </summary>
    public string ClientSecret { get; } = TestSeed.Secret;

    /// <summary>The clock by which presence fades and expires, meetings begin and notifications are repeated.</summary>
    public PresenceClock Clock { get; }

    /// <summary>The requests to Graph's surface that were answered.</summary>
    public SeenLog<SeenRequest> Requests { get; }

    /// <summary>The notifications that were sent to webhooks, attempt by attempt.</summary>
    public SeenLog<SeenDelivery> Deliveries { get; }

    /// <summary>
    /// For whatever the control API can do and this class has no member for, at <c>control/…</c>. The server disposes it.
    /// </summary>
    public HttpClient ControlClient { get; }

    internal ControlCalls Control { get; }

    internal TimeSpan WaitLimit { get; }

    internal ServerHost Host => host;

    /// <summary>Starts a server; it answers when this returns.</summary>
    /// <param name="options">What shall be different; null: nothing.</param>
    /// <param name="cancel">Gives the start up.</param>
    /// <exception cref="InvalidOperationException">The server refuses to start, with its reason.</exception>
    public static async Task<PresenceServer> StartAsync(
        PresenceServerOptions? options = null,
        CancellationToken cancel = default
    )
    {
        options ??= new();
        var made = System.IO.Directory.CreateTempSubdirectory("openpresence-test-").FullName;
        ServerHost? started = null;
        try
        {
            var settings = new ServerOptions
            {
                HttpPort = options.UseHttps ? -1 : 0,
                HttpsPort = options.UseHttps ? 0 : -1,
                DataDirectory = Path.Combine(made, "data"),
                Seed = options.SeedFile ?? await TestSeed.WriteAsync(made, cancel),
            };
            TokenMint.ShareKey(settings.DataDirectory);
            started = await ServerHost.StartAsync(
                settings,
                TimeProvider.System,
                log => TestLog.Configure(log, options.Log),
                cancel,
                heedsSignals: false
            );
            await PresenceClock.BeginAsync(started.Node);
            return new PresenceServer(started, made, options);
        }
        catch (Exception failure)
        {
            if (started is not null)
            {
                await started.DisposeAsync();
            }
            System.IO.Directory.Delete(made, recursive: true);
            if (failure is StartRefusedException)
            {
                throw new InvalidOperationException(failure.Message, failure);
            }
            throw;
        }
    }

    /// <summary>Adds a person to the tenant, who shows <c>Offline</c> until something else is said.</summary>
    /// <param name="displayName">The name, of which the sign-in name is made: <c>mara.lindqvist@contoso.example</c>.</param>
    public Task<PresencePerson> AddPersonAsync(string displayName) =>
        PresencePerson.AddAsync(this, tokens.Tenant, displayName);

    /// <summary>A person who is there: of the seed, or added by the code under test.</summary>
    /// <param name="idOrUserPrincipalName">The object id, or the sign-in name.</param>
    /// <exception cref="ArgumentException">No person has that name.</exception>
    public PresencePerson Person(string idOrUserPrincipalName)
    {
        var directory = host.Node.State.Directory;
        return
            (
                Guid.TryParse(idOrUserPrincipalName, out var id)
                    ? directory.TryGetPerson(id, out var person)
                    : directory.TryGetPerson(idOrUserPrincipalName, out person)
            ) && person is not null
            ? new PresencePerson(this, person)
            : throw new ArgumentException(
                $"Nobody is called '{idOrUserPrincipalName}'.",
                nameof(idOrUserPrincipalName)
            );
    }

    /// <summary>A client of the application <see cref="ApplicationId"/>, for addresses relative to <see cref="GraphUrl"/>.</summary>
    /// <param name="permissions">Its application permissions, such as <c>Presence.Read.All</c>; none: all that exist.</param>
    public HttpClient CreateClient(params string[] permissions) => CreateClient(() => TokenAsync(permissions));

    /// <summary>A client of a person who has signed in, for addresses relative to <see cref="GraphUrl"/>.</summary>
    /// <param name="person">Who signed in.</param>
    /// <param name="scopes">The delegated permissions, such as <c>Presence.Read</c>; none: all that exist.</param>
    public HttpClient CreateClient(PresencePerson person, params string[] scopes) =>
        CreateClient(() => TokenAsync(person, scopes));

    /// <summary>A token of the application <see cref="ApplicationId"/>, good for a day.</summary>
    /// <param name="permissions">Its application permissions; none: all that exist.</param>
    public Task<string> TokenAsync(params string[] permissions) => tokens.OfApplicationAsync(permissions);

    /// <summary>A token of a person who has signed in, good for a day.</summary>
    /// <param name="person">Who signed in.</param>
    /// <param name="scopes">The delegated permissions; none: all that exist.</param>
    public Task<string> TokenAsync(PresencePerson person, params string[] scopes)
    {
        ArgumentNullException.ThrowIfNull(person);
        return tokens.OfPersonAsync(person.Key, scopes);
    }

    /// <summary>
    /// A handler that reaches the server and trusts its certificate, for clients that are made elsewhere: a
    /// <c>GraphServiceClient</c>, the transport of a credential. The server disposes it.
    /// </summary>
    public HttpMessageHandler CreateHandler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        if (host.AuthorityFile is { } authority)
        {
            var trust = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
            trust.CustomTrustStore.ImportFromPemFile(authority);
            trust.RevocationMode = X509RevocationMode.NoCheck;
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = trust };
        }
        lock (handlers)
        {
            handlers.Add(handler);
        }
        return handler;
    }

    /// <summary>Lets requests fail. Disposing what comes back lets them succeed again.</summary>
    /// <exception cref="InvalidOperationException">The fault makes no sense; says why.</exception>
    public Task<SetFault> FailAsync(RequestFault fault) => SetFault.SetAsync(this, fault);

    /// <summary>Lets notifications go wrong. Disposing what comes back ends it.</summary>
    /// <exception cref="InvalidOperationException">The fault makes no sense; says why.</exception>
    public Task<SetFault> FailAsync(NotificationFault fault) => SetFault.SetAsync(this, fault);

    /// <summary>
    /// Tells a subscriber of the life of its subscription: <c>reauthorizationRequired</c>, <c>missed</c>, or
    /// <c>subscriptionRemoved</c>, which ends it.
    /// </summary>
    public Task TellLifecycleAsync(string subscriptionId, string lifecycleEvent) =>
        Control.PostAsync("webhooks/lifecycle", new { subscriptionId, lifecycleEvent });

    /// <summary>
    /// Plays a scenario of devices, calendars and people, JSON as <c>PUT /control/actors</c> takes it; moving the clock then
    /// lives it.
    /// </summary>
    public Task PlayAsync(string scenarioJson) => Control.PutTextAsync("actors", scenarioJson);

    /// <summary>
    /// Ends every access token that was given so far, as time does: the next request with one is answered with 401.
    /// </summary>
    public Task ExpireTokensAsync() => Control.PostAsync("tokens/expire", new { });

    /// <summary>Ends when every notification that is due by now was sent and answered.</summary>
    /// <exception cref="TimeoutException">A receiver does not answer.</exception>
    public async Task SettledAsync()
    {
        try
        {
            await host.Delivery.SettledAsync().WaitAsync(WaitLimit);
        }
        catch (TimeoutException late)
        {
            throw new TimeoutException(
                $"After {WaitLimit} a notification is still under way: a webhook does not answer.",
                late
            );
        }
    }

    /// <summary>
    /// Begins anew: the people and presences of the seed, no subscriptions, no faults, no requests seen. The clock stays where
    /// it is. Much cheaper than another server, where tests do not run side by side.
    /// </summary>
    public async Task ResetAsync()
    {
        await Control.PostAsync("reset", new { });
        await SettledAsync();
        Requests.Clear();
        Deliveries.Clear();
    }

    /// <summary>Ends connections, stops the server and removes its files.</summary>
    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }
        isDisposed = true;
        ControlClient.Dispose();
        lock (handlers)
        {
            handlers.ForEach(handler => handler.Dispose());
        }
        await host.DisposeAsync();
        System.IO.Directory.Delete(folder, recursive: true);
    }

    private HttpClient CreateClient(Func<Task<string>> token) =>
        new(new WithToken(token, CreateHandler())) { BaseAddress = GraphUrl };

    /// <summary>Gets a token for the first request, and keeps it as a client does.</summary>
    private sealed class WithToken(Func<Task<string>> make, HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private readonly Lazy<Task<string>> token = new(make);

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            request.Headers.Authorization ??= new AuthenticationHeaderValue("Bearer", await token.Value);
            return await base.SendAsync(request, cancellationToken);
        }
    }
}
