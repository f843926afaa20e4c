using Microsoft.Extensions.Primitives;

namespace OpenPresence.Server.Tests.Identity;

public sealed class BadTokenTests
{
    private readonly AuthenticatorFixture _fixture = new();

    public static TheoryData<string> Names { get; } = new(BadTokens.All.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_bad_token_is_refused_for_what_is_wrong_with_it(string name)
    {
        var bad = BadTokens.All[name];
        var result = await Authenticate(bad.Header(_fixture.Now));
        Assert.Null(result.Caller);
        Assert.Equal(bad.Kind, result.Refusal!.Kind);
        Assert.Contains(bad.Says, string.Join(' ', result.Refusal.Arguments));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_refusal_repeats_nothing_of_the_token(string name)
    {
        var refusal = (await Authenticate(BadTokens.All[name].Header(_fixture.Now))).Refusal!;
        Assert.DoesNotContain(
            BadTokens.Secret,
            string.Join(' ', refusal.Arguments),
            StringComparison.OrdinalIgnoreCase
        );
        Assert.Null(refusal.Target);
        Assert.Empty(refusal.Details);
    }

    [Fact]
    public async Task No_bad_token_takes_a_place_in_the_cache()
    {
        foreach (var bad in BadTokens.All.Values)
        {
            await Authenticate(bad.Header(_fixture.Now));
        }
        Assert.Equal(0, _fixture.Cache.Count);
    }

    private ValueTask<OpenPresence.Server.Identity.AuthResult> Authenticate(StringValues header) =>
        _fixture.Authenticator.AuthenticateAsync(header, TestContext.Current.CancellationToken);
}
