using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Contracts;

public sealed class RequestIdTests
{
    private const int Ids = 100_000;

    [Fact]
    public void Ids_differ_and_so_do_their_hash_codes()
    {
        Guid[] ids = [.. Enumerable.Range(0, Ids).Select(_ => RequestId.Next())];
        Assert.Equal(Ids, ids.Distinct().Count());
        Assert.All(ids, id => Assert.Equal(4, id.Version));
        // Of random hash codes of 32 bits, about one in a hundred thousand would be taken twice.
        Assert.InRange(ids.Select(id => id.GetHashCode()).Distinct().Count(), Ids - 50, Ids);
    }
}
