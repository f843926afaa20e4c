using Microsoft.Extensions.Primitives;

namespace OpenPresence.Server.Tests.Identity;

public sealed class HitPathTests
{
    [Fact]
    public async Task A_known_token_is_answered_at_once_and_without_an_allocation()
    {
        var fixture = new AuthenticatorFixture();
        var claims = fixture.PersonClaims();
        claims["x"] = new string('x', 600);
        StringValues header = $"Bearer {TokenWorkshop.Sign(claims)}";
        await fixture.Authenticator.AuthenticateAsync(header, CancellationToken.None);

        long AllocatedBytes()
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < 100; i++)
            {
                var answer = fixture.Authenticator.AuthenticateAsync(header, CancellationToken.None);
                Assert.True(answer.IsCompletedSuccessfully);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }

        AllocatedBytes(); // what the runtime allocates to compile is not ours
        Assert.Equal(0, AllocatedBytes());
    }
}
