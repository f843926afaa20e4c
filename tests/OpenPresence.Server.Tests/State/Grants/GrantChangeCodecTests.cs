using System.Buffers;
using OpenPresence.Server.State.Grants;
using static OpenPresence.Server.Tests.State.Grants.GrantSamples;

namespace OpenPresence.Server.Tests.State.Grants;

public sealed class GrantChangeCodecTests
{
    private static readonly GrantChange[] Changes =
    [
        Code("code"),
        Code("code") with
        {
            CodeChallenge = null,
            Nonce = null,
        },
        new CodeRedeemed(Digest("code"), null),
        new CodeRedeemed(Digest("code"), Refresh("token")),
        Device("device", "ABC"),
        new DeviceCodeApproved(Digest("ABC"), Id(2001)),
        new DeviceCodeDenied(Digest("ABC")),
        new DeviceCodeRedeemed(Digest("device"), Refresh("token")),
        new RefreshTokenIssued(Grant(1), Refresh("token")),
        new RefreshTokenRedeemed(Digest("token"), Refresh("next")),
        new GrantsRevoked(Id(2001), Guid.Empty),
    ];

    public static TheoryData<int> Indexes => [.. Enumerable.Range(0, Changes.Length)];

    [Theory]
    [MemberData(nameof(Indexes))]
    public void What_is_written_is_read_back(int index) =>
        Assert.Equal(Changes[index], GrantChangeCodec.Read(Write(Changes[index])));

    [Theory]
    [MemberData(nameof(Indexes))]
    public void A_change_that_is_cut_short_or_goes_on_is_damaged(int index)
    {
        var bytes = Write(Changes[index]);
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() => GrantChangeCodec.Read(bytes.AsSpan(0, length)));
        }

        Assert.Throws<InvalidDataException>(() => GrantChangeCodec.Read([.. bytes, 0]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(127)]
    public void A_kind_of_a_newer_program_stops_it(byte kind) =>
        Assert.Throws<InvalidDataException>(() => GrantChangeCodec.Read([kind]));

    [Fact]
    public void Every_kind_of_change_is_among_the_samples()
    {
        var kinds = typeof(GrantChange).Assembly.GetTypes().Where(type => type.BaseType == typeof(GrantChange));
        Assert.Equal(
            kinds.Select(type => type.Name).Order(StringComparer.Ordinal),
            Changes.Select(c => c.GetType().Name).Distinct().Order(StringComparer.Ordinal)
        );
    }

    private static byte[] Write(GrantChange change)
    {
        var buffer = new ArrayBufferWriter<byte>();
        GrantChangeCodec.Write(buffer, change);
        return buffer.WrittenSpan.ToArray();
    }
}
