using System.Text;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public class AsciiCaseComparerTests
{
    [Theory]
    [InlineData("Ada@Contoso.Example", "ada@contoso.example")]
    [InlineData("", "")]
    [InlineData("é", "é")]
    public void Names_that_differ_in_the_case_of_A_to_Z_are_equal(string left, string right)
    {
        Assert.Equal(left, right, AsciiCaseComparer.Instance);
        Assert.Equal(AsciiCaseComparer.Instance.GetHashCode(left), AsciiCaseComparer.Instance.GetHashCode(right));
    }

    [Theory]
    [InlineData("É", "é")]
    [InlineData("a", "b")]
    [InlineData("a", "aa")]
    [InlineData("[", "{")]
    public void Other_differences_count(string left, string right)
    {
        Assert.NotEqual(left, right, AsciiCaseComparer.Instance);
    }

    [Fact]
    public void The_order_is_that_of_the_folded_UTF8_bytes()
    {
        string[] names = ["b", "A", "a.b", "Ab", "_", "é", "\uFFFD", "𝄞", "z", "["];

        var ordered = names.Order(AsciiCaseComparer.Instance);

        var byBytes = names.OrderBy(
            n => Convert.ToHexString(Encoding.UTF8.GetBytes(n.ToLowerInvariant())),
            StringComparer.Ordinal
        );
        Assert.Equal(byBytes, ordered);
    }
}
