using OpenPresence.Server.Contracts;
using OpenPresence.Server.Identity;

namespace OpenPresence.Server.Tests.Identity;

public sealed class TokenCacheTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public void A_token_is_found_again_as_the_same_caller()
    {
        var cache = NewCache(entriesMax: 10);
        var caller = Caller();
        cache.Add("aaaa.bbbb.cccc", caller, cache.Generation);
        Assert.True(cache.TryFind("aaaa.bbbb.cccc", out var found));
        Assert.Same(caller, found);
    }

    [Theory]
    [InlineData("a.b.0123456789abcdef", "A.b.0123456789abcdef")]
    [InlineData("a.b.0123456789abcdef", "a.c.0123456789abcdef")]
    [InlineData("a.b.0123456789abcdef", "aa.b.0123456789abcdef")]
    [InlineData("a.b.c", "a.b.d")]
    [InlineData("a.b.c", "")]
    public void A_token_with_the_same_end_is_another_token(string kept, string asked)
    {
        var cache = NewCache(entriesMax: 10);
        cache.Add(kept, Caller(), cache.Generation);
        Assert.False(cache.TryFind(asked, out _));
    }

    [Fact]
    public void A_text_that_is_not_ASCII_matches_nothing()
    {
        var cache = NewCache(entriesMax: 10);
        cache.Add("a?b", Caller(), cache.Generation);
        Assert.False(cache.TryFind("aéb", out _));
    }

    [Theory]
    [InlineData(10, 70)] // a token that expires in 10 s is refused 60 s later, the skew
    [InlineData(3600, 300)] // a long one is validated again after 5 minutes
    public void An_entry_ends_with_its_token_or_when_it_is_due_for_validation(int lifetimeSeconds, int endsAfterSeconds)
    {
        var cache = NewCache(entriesMax: 10);
        cache.Add("t", Caller(lifetimeSeconds), cache.Generation);
        _clock.Advance(TimeSpan.FromSeconds(endsAfterSeconds - 1));
        Assert.True(cache.TryFind("t", out _));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.False(cache.TryFind("t", out _));
    }

    [Fact]
    public void Ended_entries_give_their_room_back()
    {
        var cache = NewCache(entriesMax: 1000);
        for (var i = 0; i < 100; i++)
        {
            cache.Add($"old-{i}", Caller(), cache.Generation);
        }
        _clock.Advance(TimeSpan.FromMinutes(5));
        cache.Add("new", Caller(), cache.Generation);
        Assert.Equal(1, cache.Count);
        Assert.Equal("new".Length + TokenCache.EntryOverheadBytes, cache.Bytes);
    }

    [Fact]
    public void There_are_never_more_entries_than_the_limit()
    {
        var cache = NewCache(entriesMax: 3);
        for (var i = 0; i < 50; i++)
        {
            cache.Add($"token-{i}", Caller(), cache.Generation);
            Assert.InRange(cache.Count, 1, 3);
        }
        Assert.True(cache.TryFind("token-49", out _));
        Assert.False(cache.TryFind("token-0", out _));
    }

    [Fact]
    public void There_are_never_more_bytes_than_the_limit()
    {
        var bytesMax = 4 * (1000 + TokenCache.EntryOverheadBytes);
        var cache = NewCache(entriesMax: 100, bytesMax);
        for (var i = 0; i < 50; i++)
        {
            cache.Add($"{i}".PadRight(200 + (i * 37 % 900)), Caller(), cache.Generation);
            Assert.InRange(cache.Bytes, 1, bytesMax);
        }
        cache.Add(new string('x', bytesMax), Caller(), cache.Generation);
        Assert.False(cache.TryFind(new string('x', bytesMax), out _));
        Assert.NotEqual(0, cache.Count);
    }

    [Theory]
    [InlineData(0, 1_000_000)]
    [InlineData(10, 0)]
    public void A_limit_of_nothing_means_no_cache(int entriesMax, int bytesMax)
    {
        var cache = NewCache(entriesMax, bytesMax);
        cache.Add("t", Caller(), cache.Generation);
        Assert.Equal(0, cache.Count);
    }

    [Fact]
    public void A_token_in_use_stays_when_others_come_and_go()
    {
        var cache = NewCache(entriesMax: 4);
        cache.Add("hot", Caller(), cache.Generation);
        for (var i = 0; i < 50; i++)
        {
            Assert.True(cache.TryFind("hot", out _));
            cache.Add($"cold-{i}", Caller(), cache.Generation);
        }
    }

    [Fact]
    public void When_all_are_in_use_the_oldest_goes_after_a_bounded_search()
    {
        var cache = NewCache(entriesMax: 100);
        for (var i = 0; i < 100; i++)
        {
            cache.Add($"token-{i}", Caller(), cache.Generation);
            Assert.True(cache.TryFind($"token-{i}", out _));
        }
        cache.Add("one more", Caller(), cache.Generation);
        Assert.Equal(100, cache.Count);
        Assert.False(cache.TryFind($"token-{TokenCache.SecondChancesMax}", out _));
        Assert.True(cache.TryFind("token-0", out _));
    }

    [Fact]
    public void A_flush_forgets_whom_it_means_and_nobody_else()
    {
        var cache = NewCache(entriesMax: 10);
        var (one, two) = (Caller(), Caller());
        cache.Add("one", one, cache.Generation);
        cache.Add("two", two, cache.Generation);
        cache.Flush(caller => caller.UserId == one.UserId);
        Assert.False(cache.TryFind("one", out _));
        Assert.True(cache.TryFind("two", out _));
        Assert.Equal(1, cache.Count);
        cache.Flush();
        Assert.Equal(0, cache.Count);
        Assert.Equal(0, cache.Bytes);
    }

    [Fact]
    public void What_was_validated_across_a_flush_does_not_come_in()
    {
        var cache = NewCache(entriesMax: 10);
        var generation = cache.Generation;
        cache.Flush(_ => false);
        cache.Add("t", Caller(), generation);
        Assert.False(cache.TryFind("t", out _));
    }

    [Fact]
    public async Task Threads_that_read_write_and_flush_leave_it_consistent()
    {
        var cache = NewCache(entriesMax: 50);
        var work = Enumerable
            .Range(0, 4)
            .Select(worker =>
                Task.Run(() =>
                {
                    for (var i = 0; i < 5_000; i++)
                    {
                        var token = $"token-{i * (worker + 1) % 120}";
                        if (!cache.TryFind(token, out _))
                        {
                            cache.Add(token, Caller(), cache.Generation);
                        }
                        if (i % 1000 == worker)
                        {
                            cache.Flush(caller => caller.ApplicationId == Guid.Empty);
                        }
                    }
                })
            );
        await Task.WhenAll(work);
        Assert.InRange(cache.Count, 1, 50);
        cache.Flush();
        Assert.Equal((0, 0L), (cache.Count, cache.Bytes));
    }

    private TokenCache NewCache(int entriesMax, int bytesMax = int.MaxValue) =>
        new(new() { TokenCacheEntriesMax = entriesMax, TokenCacheBytesMax = bytesMax }, _clock);

    private Caller Caller(int lifetimeSeconds = 3600) =>
        new(
            Guid.NewGuid(),
            Guid.NewGuid(),
            Guid.NewGuid(),
            CallerKind.DelegatedWork,
            [],
            [],
            _clock.GetUtcNow().AddSeconds(lifetimeSeconds)
        );
}
