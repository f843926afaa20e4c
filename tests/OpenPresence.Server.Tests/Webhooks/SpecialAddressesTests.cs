using System.Net;
using OpenPresence.Server.Webhooks;

namespace OpenPresence.Server.Tests.Webhooks;

/// <summary>Addresses that a subscriber can never mean, in both families and in each other's dress.</summary>
public sealed class SpecialAddressesTests
{
    [Theory]
    [InlineData("0.0.0.0", "unspecified")]
    [InlineData("0.1.2.3", "unspecified")]
    [InlineData("10.0.0.1", "private")]
    [InlineData("10.255.255.255", "private")]
    [InlineData("100.64.0.1", "shared by a carrier's customers")]
    [InlineData("100.100.100.200", "shared by a carrier's customers")]
    [InlineData("127.0.0.1", "loopback")]
    [InlineData("127.255.255.254", "loopback")]
    [InlineData("168.63.129.16", "a cloud's metadata")]
    [InlineData("169.254.169.254", "link-local")]
    [InlineData("172.16.0.1", "private")]
    [InlineData("172.31.255.255", "private")]
    [InlineData("192.0.0.192", "reserved for protocols")]
    [InlineData("192.0.2.1", "for documentation")]
    [InlineData("192.88.99.1", "a 6to4 relay")]
    [InlineData("192.168.1.1", "private")]
    [InlineData("198.18.0.1", "for benchmarks")]
    [InlineData("198.51.100.7", "for documentation")]
    [InlineData("203.0.113.7", "for documentation")]
    [InlineData("224.0.0.1", "multicast")]
    [InlineData("239.255.255.255", "multicast")]
    [InlineData("240.0.0.1", "reserved")]
    [InlineData("255.255.255.255", "reserved")]
    [InlineData("::", "unspecified")]
    [InlineData("::1", "loopback")]
    [InlineData("::127.0.0.1", "outside the public internet")]
    [InlineData("::ffff:127.0.0.1", "loopback")]
    [InlineData("::ffff:10.1.2.3", "private")]
    [InlineData("::ffff:169.254.169.254", "link-local")]
    [InlineData("::ffff:0:127.0.0.1", "outside the public internet")]
    [InlineData("64:ff9b::127.0.0.1", "loopback")]
    [InlineData("64:ff9b::192.168.0.1", "private")]
    [InlineData("64:ff9b:1::1", "outside the public internet")]
    [InlineData("100::1", "outside the public internet")]
    [InlineData("2001::1", "a Teredo tunnel")]
    [InlineData("2001:0:4136:e378:8000:63bf:80ff:fffe", "a Teredo tunnel")]
    [InlineData("2001:10::1", "reserved for protocols")]
    [InlineData("2001:db8::1", "for documentation")]
    [InlineData("2002:7f00:1::", "loopback")]
    [InlineData("2002:a00:1::", "private")]
    [InlineData("2002:a9fe:a9fe::1", "link-local")]
    [InlineData("3fff::1", "for documentation")]
    [InlineData("5f00::1", "outside the public internet")]
    [InlineData("fc00::1", "private")]
    [InlineData("fd00:ec2::254", "private")]
    [InlineData("fe80::1", "link-local")]
    [InlineData("fe80::1%1", "link-local")]
    [InlineData("fec0::1", "site-local")]
    [InlineData("ff02::1", "multicast")]
    public void An_address_that_no_stranger_can_have_is_refused(string address, string reason)
    {
        Assert.Equal(reason, SpecialAddresses.ReasonAgainst(IPAddress.Parse(address)));
    }

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("192.169.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("64:ff9b::8.8.8.8")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2606:4700:4700::1111")]
    public void A_public_address_is_not(string address)
    {
        Assert.Null(SpecialAddresses.ReasonAgainst(IPAddress.Parse(address)));
    }
}
