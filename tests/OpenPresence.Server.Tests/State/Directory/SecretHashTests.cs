using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.State.Directory;

public class SecretHashTests
{
    [Theory]
    [InlineData("demo-secret")]
    [InlineData("")]
    [InlineData("Zażółć~gęślą.jaźń_𝄞")]
    public void The_hashed_secret_verifies_and_every_other_does_not(string secret)
    {
        var hash = SecretHash.Hash(secret);

        Assert.True(SecretHash.Verify(secret, hash));
        Assert.False(SecretHash.Verify(secret + "x", hash));
        Assert.False(SecretHash.Verify(secret.ToUpperInvariant() + " ", hash));
    }

    [Fact]
    public void Two_hashes_of_one_secret_differ()
    {
        var first = SecretHash.Hash("demo-secret");
        var second = SecretHash.Hash("demo-secret");

        Assert.False(string.Equals(first, second, StringComparison.Ordinal));
    }

    [Fact]
    public void The_hash_does_not_contain_the_secret()
    {
        Assert.DoesNotContain("demo-secret", SecretHash.Hash("demo-secret"));
    }

    [Fact]
    public void A_secret_beyond_the_limit_never_verifies()
    {
        var hash = SecretHash.Hash("demo-secret");

        Assert.False(SecretHash.Verify(new string('x', SecretHash.SecretCharsMax + 1), hash));
    }

    [Theory]
    [InlineData("")]
    [InlineData("demo-secret")]
    [InlineData("pbkdf2-sha256$0$AAAA$AAAA")]
    [InlineData("pbkdf2-sha256$2000000000$AAAA$AAAA")]
    [InlineData("md5$1$AAAA$AAAA")]
    [InlineData("pbkdf2-sha256$1$!$AAAA")]
    public void A_text_that_is_no_hash_is_a_bug_and_throws(string text)
    {
        Assert.Throws<FormatException>(() => SecretHash.Verify("demo-secret", text));
    }
}
