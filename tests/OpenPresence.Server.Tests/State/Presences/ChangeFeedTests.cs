using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;

namespace OpenPresence.Server.Tests.State.Presences;

public sealed class ChangeFeedTests
{
    private const int Capacity = 8;

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    private readonly ChangeFeed feed = new(Capacity);
    private readonly Change[] read = new Change[Capacity * 2];

    [Fact]
    public void A_follower_reads_every_change_once_and_in_order()
    {
        Add(1); // before it followed
        var follower = feed.Follow();
        Add(2, 3);
        Assert.Equal([2, 3], Read(follower));
        Assert.Equal([], Read(follower));
        Add(4);
        Assert.Equal([4], Read(follower));
    }

    [Fact]
    public void A_follower_that_is_exactly_one_ring_behind_misses_nothing()
    {
        var follower = feed.Follow();
        Add(1, 2, 3, 4, 5, 6, 7, 8);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7, 8], Read(follower));
    }

    [Fact]
    public void A_follower_that_fell_behind_is_told_once_and_goes_on_with_what_comes_then()
    {
        var follower = feed.Follow();
        Add(1, 2, 3, 4, 5, 6, 7, 8, 9);
        Assert.Equal(0, follower.Read(read, out var fellBehind));
        Assert.True(fellBehind);
        Add(10);
        Assert.Equal([10], Read(follower));
    }

    [Fact]
    public void A_small_buffer_takes_the_changes_in_pieces()
    {
        var follower = feed.Follow();
        Add(1, 2, 3);
        Assert.Equal(2, follower.Read(read.AsSpan(0, 2), out _));
        Assert.Equal(1, follower.Waiting);
        Assert.Equal([3], Read(follower));
    }

    [Fact]
    public async Task Waiting_ends_with_the_batch_that_brought_a_change()
    {
        var (first, second) = (feed.Follow(), feed.Follow());
        var waits = new[] { first.WaitAsync(Cancel), second.WaitAsync(Cancel) };
        feed.Wake();
        Add(1);
        feed.Wake();
        await Task.WhenAll(waits).WaitAsync(Eventually.Limit, Cancel);
        Assert.True(first.WaitAsync(Cancel).IsCompleted, "there is still something to read");
        Assert.Equal([1], Read(first));
        Assert.False(first.WaitAsync(Cancel).IsCompleted);
    }

    [Fact]
    public async Task Followers_on_other_threads_see_whole_changes_in_order_or_are_told()
    {
        const int Changes = 300_000;
        var shared = new ChangeFeed(64);
        var followers = Enumerable.Range(0, 2).Select(_ => shared.Follow()).ToArray();
        var reading = followers.Select(follower => Task.Run(() => ReadAll(shared, follower))).ToList();
        for (var number = 1L; number <= Changes; number++)
        {
            shared.Add(Numbered(number));
            if (number % 50 == 0)
            {
                shared.Wake();
            }
        }
        shared.Add(Numbered(-1));
        shared.Wake();
        await Task.WhenAll(reading).WaitAsync(Eventually.Limit, Cancel);
    }

    private static async Task ReadAll(ChangeFeed shared, FeedFollower follower)
    {
        var buffer = new Change[16];
        var last = 0L;
        while (true)
        {
            await follower.WaitAsync(Cancel);
            var count = follower.Read(buffer, out var fellBehind);
            if (fellBehind && shared.Next > 300_000)
            {
                return; // the end itself may have been missed
            }
            for (var i = 0; i < count; i++)
            {
                var change = buffer[i];
                if (change.Sequence < 0)
                {
                    return;
                }
                Assert.True(change.Sequence > last, "out of order");
                Assert.True(change.At.Ticks == change.Sequence, "torn");
                last = change.Sequence;
            }
        }
    }

    private void Add(params ReadOnlySpan<long> numbers)
    {
        foreach (var number in numbers)
        {
            feed.Add(Numbered(number));
        }
    }

    private static Change Numbered(long number) =>
        new(
            number,
            new Instant(number),
            0,
            Guid.Empty,
            PresencePair.Offline,
            PresencePair.Offline,
            ChangeReason.Command
        );

    private long[] Read(FeedFollower follower)
    {
        var count = follower.Read(read, out var fellBehind);
        Assert.False(fellBehind);
        return [.. read.Take(count).Select(change => change.Sequence)];
    }
}
