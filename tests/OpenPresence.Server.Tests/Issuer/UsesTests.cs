using OpenPresence.Engine;
using OpenPresence.Server.Issuer;

namespace OpenPresence.Server.Tests.Issuer;

public sealed class UsesTests
{
    private const int RememberedMax = 3;

    private static readonly Instant Start = Instant.From(new DateTimeOffset(2026, 8, 27, 12, 0, 0, TimeSpan.Zero));

    private readonly Uses _uses = new(RememberedMax);

    [Fact]
    public void Uses_are_counted_and_the_first_is_known()
    {
        Assert.Equal(new Uses.Use(1, Start), _uses.Add("a", Minute(9), Start));
        Assert.Equal(new Uses.Use(2, Start), _uses.Add("a", Minute(9), Minute(1)));
        Assert.Equal(new Uses.Use(1, Minute(1)), _uses.Add("b", Minute(9), Minute(1)));
    }

    [Fact]
    public void Full_it_forgets_what_ends_first_and_says_of_that_that_it_cannot_say()
    {
        for (var i = 1; i <= RememberedMax; i++)
        {
            Assert.Equal(1, _uses.Add($"{i}", Minute(i), Start)?.Count);
        }

        Assert.Equal(1, _uses.Add("4", Minute(4), Start)?.Count);
        Assert.Null(_uses.Add("1", Minute(1), Start));
        Assert.Null(_uses.Add("another that ends as early", Minute(1), Start));
        Assert.Equal(2, _uses.Add("3", Minute(3), Start)?.Count);
    }

    private static Instant Minute(int number) => Start + TimeSpan.FromMinutes(number);
}
