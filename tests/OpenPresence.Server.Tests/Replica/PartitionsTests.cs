using OpenPresence.Server.Replica;

namespace OpenPresence.Server.Tests.Replica;

public sealed class PartitionsTests
{
    /// <summary>Nodes of different programs must agree, so these never change.</summary>
    [Theory]
    [InlineData("00000000-0000-0000-0000-000000000000", 0)]
    [InlineData("00000001-0000-0000-5b00-000000000000", 246)]
    [InlineData("fa8bf3dc-eca7-46b7-bad1-db199b62afc3", 139)]
    public void Where_a_subscription_falls_is_the_same_for_ever(string id, int partition) =>
        Assert.Equal(partition, Partitions.Of(Guid.Parse(id)));

    [Fact]
    public void Subscriptions_spread_evenly()
    {
        var random = new Random(1);
        var bytes = new byte[16];
        var counts = new int[Partitions.Count];
        for (var i = 0; i < Partitions.Count * 100; i++)
        {
            random.NextBytes(bytes);
            counts[Partitions.Of(new Guid(bytes))]++;
        }
        Assert.InRange(counts.Min(), 50, 100);
        Assert.InRange(counts.Max(), 100, 150);
    }
}
