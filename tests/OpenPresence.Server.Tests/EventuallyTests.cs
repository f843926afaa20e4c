namespace OpenPresence.Server.Tests;

public sealed class EventuallyTests
{
    [Fact]
    public async Task It_looks_until_it_is_so()
    {
        var looks = 0;
        await Eventually.IsSoAsync(() => ++looks == 3);
        Assert.Equal(3, looks);
    }

    [Fact]
    public async Task What_was_seen_in_the_end_is_given_back()
    {
        var looks = 0;
        Assert.Equal(2, await Eventually.SeenAsync(() => Task.FromResult(++looks), seen => seen > 1));
    }

    [Fact]
    public async Task What_fails_while_it_is_looked_at_ends_the_wait() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Eventually.IsSoAsync(bool () => throw new InvalidOperationException())
        );
}
