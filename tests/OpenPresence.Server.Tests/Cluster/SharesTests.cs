using OpenPresence.Server.Cluster;
using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Tests.Cluster;

public sealed class SharesTests
{
    [Theory]
    [InlineData(0, 256)]
    [InlineData(1, 256)]
    [InlineData(2, 128)]
    [InlineData(3, 86)]
    [InlineData(256, 1)]
    [InlineData(1000, 1)]
    public void A_share_is_even_and_all_shares_cover_everything(int nodes, int share)
    {
        Assert.Equal(share, Shares.Of(nodes));
        Assert.True(share * Math.Max(nodes, 1) >= Partitions.Count);
    }

    [Fact]
    public void What_is_given_up_is_what_would_be_taken_last()
    {
        var given = Shares.ToGiveUp(_ => true, share: 128, first: 200);
        var wouldTake = Shares.ToTake(_ => false, first: 200);
        Assert.Equal(wouldTake[128..], given);
        Assert.Equal(200, wouldTake[0]);
    }

    [Fact]
    public void What_is_held_is_not_taken_again()
    {
        var wanted = Shares.ToTake(partition => partition < 250, first: 0);
        Assert.Equal([250, 251, 252, 253, 254, 255], wanted);
        Assert.Empty(Shares.ToGiveUp(partition => partition < 6, share: 6, first: 3));
    }
}
