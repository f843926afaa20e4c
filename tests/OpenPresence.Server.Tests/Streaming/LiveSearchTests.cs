using OpenPresence.Engine;
using OpenPresence.Server.State.Presences;
using OpenPresence.Server.Streaming;

namespace OpenPresence.Server.Tests.Streaming;

public sealed class LiveSearchTests
{
    private const int Capacity = 16;

    [Theory]
    [InlineData("0", 0, LivePlace.All)]
    [InlineData("8123-0", 8123, 0)]
    [InlineData("8123-41", 8123, 41)]
    [InlineData("9223372036854775807-2147483646", long.MaxValue, 2147483646)]
    public void A_place_is_written_as_it_is_read(string text, long position, int index)
    {
        Assert.True(LivePlace.TryParse(text, out var place));
        Assert.Equal(new LivePlace(position, index), place);
        Assert.Equal(text, place.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("-")]
    [InlineData("8123-")]
    [InlineData("-1")]
    [InlineData("8123-0-1")]
    [InlineData(" 8123")]
    [InlineData("9223372036854775808")]
    [InlineData("00000000000000000000000000000001")]
    public void What_is_no_place_is_not_read(string text) => Assert.False(LivePlace.TryParse(text, out _));

    /// <summary>Against a list that keeps everything, over feeds of random entries that do and do not fit the ring.</summary>
    [Fact]
    public void A_place_is_found_or_known_to_be_gone_as_a_whole_list_says()
    {
        for (var seed = 1; seed <= 200; seed++)
        {
            var random = new Random(seed);
            var feed = new ChangeFeed(Capacity) { BeganAt = random.Next(3) };
            var all = new List<LivePlace>();
            var place = new LivePlace(feed.BeganAt, LivePlace.All);
            for (var position = feed.BeganAt + 1; position <= 20; position++)
            {
                var count = random.Next(3);
                for (var change = 0; change < count; change++)
                {
                    place = place.Next(position);
                    all.Add(place);
                    feed.Add(ChangeAt(position));
                }
            }
            foreach (var (after, number) in Places(all, feed.BeganAt))
            {
                var isFound = LiveSearch.TryFindNext(feed, after, out var found);
                Assert.True(!isFound || found == number, $"seed {seed}: {after} at {found}, not {number}");
                Assert.True(isFound || KnownFrom(all, after, number) <= feed.First, $"seed {seed}: {after} is there");
            }
            for (var number = 0; number <= all.Count; number++)
            {
                if (LiveSearch.TryPlaceBefore(feed, number, out var before) && number > 0)
                {
                    Assert.Equal(all[number - 1], before);
                }
                else
                {
                    Assert.True(number == 0 || all.Count > Capacity, $"seed {seed}: {number} is there");
                }
            }
        }
    }

    /// <summary>Every place that may be asked for, and the number of the change after it.</summary>
    private static IEnumerable<(LivePlace After, int Number)> Places(List<LivePlace> all, long beganAt)
    {
        for (var number = 0; number < all.Count; number++)
        {
            yield return (all[number], number + 1);
        }
        for (var position = beganAt; position <= 21; position++)
        {
            var number = all.FindIndex(told => told.Position > position);
            yield return (new LivePlace(position, LivePlace.All), number < 0 ? all.Count : number);
        }
    }

    /// <summary>Whoever names one change of an entry is understood as long as the entry's first one is there.</summary>
    private static int KnownFrom(List<LivePlace> all, LivePlace after, int number) =>
        after.Index == LivePlace.All ? number : all.FindIndex(told => told.Position == after.Position);

    private static Change ChangeAt(long position) =>
        new(
            Sequence.Next(0, position),
            new Instant(position),
            0,
            Guid.Empty,
            PresencePair.Offline,
            PresencePair.Offline,
            ChangeReason.Command
        );
}
