using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using OpenPresence.Server.Issuer;
using static OpenPresence.Server.Tests.Issuer.DemoDirectory;

namespace OpenPresence.Server.Tests.Issuer;

/// <summary>
/// The credentials of Azure.Identity, unmodified, over TLS: only authority and trust are set.
/// </summary>
public sealed class AzureIdentityTests : IAsyncLifetime
{
    private const string GraphDefault = "https://graph.microsoft.com/.default";

    private readonly HttpClientTransport _transport = new(new HttpClient(TestCertificates.Shared.Handler()));

    private IssuerHost _host = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private Uri Authority => new(_host.BaseUrl);

    public async ValueTask InitializeAsync() =>
        _host = await IssuerHost.StartAsync(
            new IssuerSettings { DeviceCodePollInterval = TimeSpan.FromSeconds(1) },
            TimeProvider.System,
            tls: TestCertificates.Shared
        );

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Theory]
    [InlineData("aaaabbbb-0000-cccc-1111-dddd2222eeee", false)]
    [InlineData(Domain, true)]
    public async Task ClientSecretCredential_gets_an_application_s_token(string tenant, bool isContinuous)
    {
        var credential = new ClientSecretCredential(
            tenant,
            $"{Daemon}",
            Secret,
            new ClientSecretCredentialOptions
            {
                AuthorityHost = Authority,
                DisableInstanceDiscovery = true,
                Transport = _transport,
            }
        );
        var token = await credential.GetTokenAsync(Request(GraphDefault, isContinuous), Cancel);
        Assert.Equal(DaemonPrincipal.ToString(), TokenText.Claims(token.Token).String("oid"));
        Assert.InRange(
            token.ExpiresOn,
            TimeProvider.System.GetUtcNow().AddMinutes(50),
            TimeProvider.System.GetUtcNow().AddMinutes(61)
        );
    }

    [Fact]
    public async Task ClientSecretCredential_shows_our_words_for_a_wrong_secret()
    {
        var credential = new ClientSecretCredential(
            Domain,
            $"{Daemon}",
            "wrong",
            new ClientSecretCredentialOptions
            {
                AuthorityHost = Authority,
                DisableInstanceDiscovery = true,
                Transport = _transport,
            }
        );
        var failure = await Assert.ThrowsAsync<AuthenticationFailedException>(async () =>
            await credential.GetTokenAsync(Request(GraphDefault), Cancel)
        );
        Assert.Contains("AADSTS7000215", failure.ToString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClientCertificateCredential_gets_an_application_s_token(bool sendsChain)
    {
        var credential = new ClientCertificateCredential(
            $"{TenantId}",
            $"{Daemon}",
            TestCertificates.Shared.Client,
            new ClientCertificateCredentialOptions
            {
                AuthorityHost = Authority,
                DisableInstanceDiscovery = true,
                Transport = _transport,
                SendCertificateChain = sendsChain,
            }
        );
        var token = await credential.GetTokenAsync(Request(GraphDefault), Cancel);
        Assert.Equal("2", TokenText.Claims(token.Token).String("appidacr"));
    }

    [Fact]
    public async Task DeviceCodeCredential_gets_a_person_s_token_and_keeps_the_account()
    {
        var prompts = 0;
        var credential = new DeviceCodeCredential(
            new DeviceCodeCredentialOptions
            {
                AuthorityHost = Authority,
                DisableInstanceDiscovery = true,
                Transport = _transport,
                TenantId = Domain,
                ClientId = $"{Public}",
                DeviceCodeCallback = async (device, cancel) =>
                {
                    prompts++;
                    Assert.Equal($"{_host.BaseUrl}/devicelogin", $"{device.VerificationUri}");
                    using var page = await _host.PostAsync(
                        "/devicelogin",
                        [("user_code", device.UserCode), ("op_name", Alice)]
                    );
                    Assert.True(page.IsSuccessStatusCode);
                },
            }
        );
        var first = await credential.GetTokenAsync(Request("Presence.Read"), Cancel);
        Assert.Equal(Alice, TokenText.Claims(first.Token).String("upn"));

        // Other scopes: by the refresh token, without asking again.
        var second = await credential.GetTokenAsync(Request("User.Read"), Cancel);
        Assert.Equal(
            "Presence.Read Presence.Read.All User.Read openid profile",
            TokenText.Claims(second.Token).String("scp")
        );
        Assert.Equal(1, prompts);
    }

    [Fact]
    public async Task AuthorizationCodeCredential_redeems_a_code()
    {
        var code = await SignInFlow.CodeAsync(
            _host,
            ("client_id", $"{Web}"),
            ("redirect_uri", WebRedirect),
            ("code_challenge", null),
            ("code_challenge_method", null)
        );
        var credential = new AuthorizationCodeCredential(
            $"{TenantId}",
            $"{Web}",
            Secret,
            code,
            new AuthorizationCodeCredentialOptions
            {
                AuthorityHost = Authority,
                DisableInstanceDiscovery = true,
                Transport = _transport,
                RedirectUri = new Uri(WebRedirect),
            }
        );
        var token = await credential.GetTokenAsync(Request(GraphDefault), Cancel);
        Assert.Equal(Alice, TokenText.Claims(token.Token).String("upn"));
    }

    [Fact]
    public async Task OnBehalfOfCredential_acts_for_a_person()
    {
        var signedIn = await IssuerHost.JsonAsync(
            _host.TokenAsync(
                ("grant_type", "password"),
                ("client_id", $"{Public}"),
                ("username", Alice),
                ("password", "demo"),
                ("scope", $"api://{Web}/access_as_user")
            )
        );
        var credential = new OnBehalfOfCredential(
            $"{TenantId}",
            $"{Web}",
            Secret,
            signedIn.String("access_token"),
            new OnBehalfOfCredentialOptions
            {
                AuthorityHost = Authority,
                DisableInstanceDiscovery = true,
                Transport = _transport,
            }
        );
        var token = await credential.GetTokenAsync(Request(GraphDefault), Cancel);
        Assert.Equal(Web.ToString(), TokenText.Claims(token.Token).String("appid"));
        Assert.Equal(Alice, TokenText.Claims(token.Token).String("upn"));
    }

    private static TokenRequestContext Request(string scope, bool isContinuous = false) =>
        new([scope], isCaeEnabled: isContinuous);
}
