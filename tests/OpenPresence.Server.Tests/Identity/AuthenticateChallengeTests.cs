using System.Net;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Tests.Identity;

public sealed class AuthenticateChallengeTests
{
    [Theory]
    [InlineData("https://login.microsoftonline.com")]
    [InlineData("https://localhost:5443")]
    public void It_has_the_form_of_Graphs_own(string login) =>
        Assert.Equal(
            $"Bearer realm=\"\", authorization_uri=\"{login}/common/oauth2/authorize\", "
                + "client_id=\"00000003-0000-0000-c000-000000000000\"",
            AuthenticateChallenge.Of(login)
        );

    [Theory]
    [InlineData(
        "https://login.microsoftonline.com/aaaabbbb-0000-cccc-1111-dddd2222eeee/v2.0",
        "https://login.microsoftonline.com/common/oauth2/authorize"
    )]
    [InlineData(
        "https://login.microsoftonline.us/common/v2.0",
        "https://login.microsoftonline.us/common/oauth2/authorize"
    )]
    [InlineData("https://keycloak.example/realms/contoso", "https://keycloak.example/realms/contoso")]
    public async Task Without_the_issuer_it_names_the_authority_of_the_settings(string authority, string named)
    {
        await using var server = await RunningServer.StartAsync(options =>
            options with
            {
                BuiltInIssuer = false,
                Auth = new()
                {
                    TrustedIssuers =
                    [
                        new()
                        {
                            Name = "first",
                            Authority = authority,
                            Audiences = ["api://presence"],
                            Tenants = [new(RunningServer.DemoTenant)],
                        },
                    ],
                },
            }
        );
        var answer = await server.SendAsync(HttpMethod.Get, "/v1.0/me/presence", token: null);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal(
            $"Bearer realm=\"\", authorization_uri=\"{named}\", "
                + "client_id=\"00000003-0000-0000-c000-000000000000\"",
            Assert.Single(answer.Headers.NonValidated["WWW-Authenticate"])
        );
    }
}
