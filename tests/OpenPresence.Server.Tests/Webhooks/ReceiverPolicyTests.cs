using System.Net;
using OpenPresence.Server.Settings;
using OpenPresence.Server.Webhooks;

namespace OpenPresence.Server.Tests.Webhooks;

/// <summary>What a URL of a receiver may look like, and what the settings make of it.</summary>
public sealed class ReceiverPolicyTests
{
    [Theory]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://0/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:7f00:1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[fe80::1%25lo]/")]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://127\u30020\u30020\u30021/")]
    public void An_address_in_any_spelling_is_judged_as_the_address_it_is(string url)
    {
        var fault = new ReceiverPolicy().FaultOf(new Uri(url));

        Assert.StartsWith("must be a public address", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://example.com/", "must begin with https://.")]
    [InlineData("ftp://example.com/", "must begin with https://.")]
    [InlineData("file:///etc/passwd", "must begin with https://.")]
    [InlineData("https://user:password@example.com/", "must not carry a name or password.")]
    [InlineData("https://example.com/#there", "must not have a fragment.")]
    [InlineData("/relative", "must be an absolute URL.")]
    public void A_URL_that_is_none_for_receivers_is_refused(string url, string fault)
    {
        var uri = new Uri(url, UriKind.RelativeOrAbsolute);
        // On some systems a path is an absolute URL of a file.
        var expected = uri.IsAbsoluteUri && uri.IsFile ? "must begin with https://." : fault;
        Assert.Equal(expected, new ReceiverPolicy().FaultOf(uri));
    }

    [Theory]
    [InlineData("https://example.com/a?b=c")]
    [InlineData("https://example.com:8443/")]
    [InlineData("https://[2606:4700::1]/")]
    public void An_ordinary_URL_is_fine(string url)
    {
        Assert.Null(new ReceiverPolicy().FaultOf(new Uri(url)));
    }

    [Fact]
    public void Development_allows_this_machine_and_plain_HTTP_and_nothing_else()
    {
        var policy = ReceiverPolicy.Of(new ServerOptions());

        Assert.Null(policy.FaultOf(new Uri("http://localhost:5000/")));
        Assert.Null(policy.ReasonAgainst(IPAddress.Loopback));
        Assert.Null(policy.ReasonAgainst(IPAddress.IPv6Loopback));
        Assert.Null(policy.ReasonAgainst(IPAddress.Parse("::ffff:127.0.0.1")));
        Assert.Equal("private", policy.ReasonAgainst(IPAddress.Parse("10.0.0.1")));
        Assert.Equal("link-local", policy.ReasonAgainst(IPAddress.Parse("169.254.169.254")));
    }

    [Fact]
    public void Production_allows_what_is_listed()
    {
        var policy = ReceiverPolicy.Of(
            new ServerOptions { Profile = Profile.Production, ReceiverNetworks = ["10.20.0.0/16", "192.168.7.7"] }
        );

        Assert.Null(policy.ReasonAgainst(IPAddress.Parse("10.20.3.4")));
        Assert.Null(policy.ReasonAgainst(IPAddress.Parse("::ffff:10.20.3.4")));
        Assert.Null(policy.ReasonAgainst(IPAddress.Parse("192.168.7.7")));
        Assert.Equal("private", policy.ReasonAgainst(IPAddress.Parse("192.168.7.8")));
        Assert.Equal("loopback", policy.ReasonAgainst(IPAddress.Loopback));
        Assert.Equal("must begin with https://.", policy.FaultOf(new Uri("http://example.com/")));
    }
}
