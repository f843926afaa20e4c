using OpenPresence.Server.Auth;

namespace OpenPresence.Server.Tests.Auth;

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
}
