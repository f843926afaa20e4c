using Microsoft.Identity.Client;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>MSAL.NET itself: accounts, its cache, and renewing.</summary>
public sealed class MsalTests : IAsyncLifetime, IMsalHttpClientFactory
{
    private static readonly string[] PresenceRead = ["Presence.Read"];

    private readonly CountingHandler _counting = new(TestCertificates.Shared.Handler());
    private IssuerHost _host = null!;
    private HttpClient _http = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _http = new HttpClient(_counting);
        _host = await IssuerHost.StartAsync(new IssuerSettings(), TimeProvider.System, tls: TestCertificates.Shared);
    }

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return _host.DisposeAsync();
    }

    public HttpClient GetHttpClient() => _http;

    [Theory]
    [InlineData("organizations")]
    [InlineData(Domain)]
    public async Task A_name_and_password_make_an_account_whose_token_then_comes_from_the_cache(string tenant)
    {
        var app = PublicClient(tenant);
        var first = await ByPassword(app);
        Assert.Equal(Alice, first.Account.Username);
        Assert.Equal($"{AliceId}.{TenantId}", first.Account.HomeAccountId.Identifier);
        Assert.Equal(AliceId.ToString(), first.UniqueId);
        Assert.Equal(TenantId.ToString(), first.TenantId);

        var asked = _counting.Count;
        var account = Assert.Single(await app.GetAccountsAsync());
        var second = await app.AcquireTokenSilent(PresenceRead, account).ExecuteAsync(Cancel);
        Assert.Equal(TokenSource.Cache, second.AuthenticationResultMetadata.TokenSource);
        Assert.Equal(asked, _counting.Count);
    }

    [Fact]
    public async Task A_token_can_be_renewed_by_the_refresh_token()
    {
        var app = PublicClient(Domain);
        var first = await ByPassword(app);
        var renewed = await app.AcquireTokenSilent(PresenceRead, first.Account)
            .WithForceRefresh(true)
            .ExecuteAsync(Cancel);
        Assert.Equal(TokenSource.IdentityProvider, renewed.AuthenticationResultMetadata.TokenSource);
        Assert.NotEqual(first.AccessToken, renewed.AccessToken);
    }

    [Fact]
    public async Task A_missing_consent_is_one_that_the_person_must_be_asked_for()
    {
        var app = PublicClient(Domain);
        var first = await ByPassword(app);
        var failure = await Assert.ThrowsAsync<MsalUiRequiredException>(() =>
            app.AcquireTokenSilent(["Mail.Read"], first.Account).ExecuteAsync(Cancel)
        );
        Assert.Equal(UiRequiredExceptionClassification.ConsentRequired, failure.Classification);
        Assert.Contains("AADSTS65001", failure.Message);
    }

    [Fact]
    public async Task A_confidential_client_redeems_a_code_with_PKCE()
    {
        var app = Confidential(builder =>
            builder.WithAuthority($"{_host.BaseUrl}/{Domain}").WithInstanceDiscovery(false)
        );
        var address = await app.GetAuthorizationRequestUrl(PresenceRead)
            .WithRedirectUri(WebRedirect)
            .WithPkce(out var verifier)
            .WithLoginHint(Alice)
            .WithPrompt(Prompt.NoPrompt)
            .ExecuteAsync(Cancel);
        var returned = await SignInFlow.ReturnedAsync(_host.GetAsync(address.PathAndQuery), WebRedirect);
        var result = await app.AcquireTokenByAuthorizationCode(PresenceRead, returned["code"])
            .WithPkceCodeVerifier(verifier)
            .ExecuteAsync(Cancel);
        Assert.Equal(Alice, result.Account.Username);
        Assert.NotNull(result.IdToken);
    }

    [Fact]
    public async Task An_OpenID_authority_leads_to_the_endpoints_by_its_document()
    {
        var app = Confidential(builder => builder.WithOidcAuthority($"{_host.BaseUrl}/{TenantId}/v2.0"));
        var result = await app.AcquireTokenForClient(["https://graph.microsoft.com/.default"]).ExecuteAsync(Cancel);
        Assert.Equal(Web.ToString(), TokenText.Claims(result.AccessToken).String("appid"));
    }

    private IPublicClientApplication PublicClient(string tenant) =>
        PublicClientApplicationBuilder
            .Create($"{Public}")
            .WithAuthority($"{_host.BaseUrl}/{tenant}")
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(this)
            .Build();

    private IConfidentialClientApplication Confidential(Action<ConfidentialClientApplicationBuilder> configure)
    {
        var builder = ConfidentialClientApplicationBuilder
            .Create($"{Web}")
            .WithClientSecret(Secret)
            .WithRedirectUri(WebRedirect)
            .WithHttpClientFactory(this);
        configure(builder);
        return builder.Build();
    }

    private static Task<AuthenticationResult> ByPassword(IPublicClientApplication app) =>
#pragma warning disable CS0618 // discouraged, and what scripts against a test server use
        app.AcquireTokenByUsernamePassword(PresenceRead, Alice, "demo").ExecuteAsync(Cancel);
#pragma warning restore CS0618

    /// <summary>Counts what goes over the network.</summary>
    private sealed class CountingHandler(HttpMessageHandler inner) : DelegatingHandler(inner)
    {
        private int _count;

        public int Count => _count;

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            Interlocked.Increment(ref _count);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
