using OpenPresence.Engine;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.State.Grants;
using static OpenPresence.Server.Tests.State.Grants.GrantSamples;

namespace OpenPresence.Server.Tests.State.Grants;

public sealed class GrantCutTests
{
    [Fact]
    public void A_cut_stays_as_it_was_whatever_is_applied_afterwards()
    {
        var state = new GrantState();
        state.Apply(Code("code"), Start);
        var cut = state.Cut();
        var before = Bytes(state);
        state.Apply(new CodeRedeemed(Digest("code"), Refresh("token")), Start);

        using var stream = new MemoryStream();
        cut.WriteTo(stream);
        Assert.Equal(before, stream.ToArray());
        Assert.NotEqual(before, Bytes(state));
    }

    [Fact]
    public void Reading_takes_exactly_its_own_bytes()
    {
        using var stream = new MemoryStream();
        new GrantState().Cut().WriteTo(stream);
        stream.WriteByte(42);
        stream.Position = 0;
        GrantCut.ReadFrom(stream);
        Assert.Equal(42, stream.ReadByte());
    }

    [Fact]
    public void A_cut_that_is_damaged_is_refused()
    {
        var bytes = Bytes(new GrantState());
        bytes[4] = 2; // the format version
        Assert.Throws<InvalidDataException>(() => GrantCut.ReadFrom(new MemoryStream(bytes)));
        Assert.Throws<InvalidDataException>(() => GrantCut.ReadFrom(new MemoryStream(new byte[4])));
        Assert.Throws<InvalidDataException>(() => GrantCut.ReadFrom(new MemoryStream([])));
    }

    /// <summary>
    /// Random changes and clock steps; at a random place one state is replaced by what a snapshot
    /// of it reads back. Both must go on alike to the last byte, and answer alike.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void A_state_that_was_read_back_goes_on_like_the_one_that_was_written(int seed)
    {
        var random = new Random(seed);
        var straight = new GrantState();
        var restored = new GrantState();
        var at = Start;
        for (var step = 0; step < 2000; step++)
        {
            at += TimeSpan.FromSeconds(random.Next(0, 40));
            var change = RandomChange(random, at);
            Assert.Equal(straight.Apply(change, at), restored.Apply(change, at));
            if (random.Next(100) == 0)
            {
                restored = GrantCut.ReadFrom(new MemoryStream(Bytes(restored)));
            }
        }

        Assert.Equal(Bytes(straight), Bytes(restored));
    }

    /// <summary>
    /// Few names, so that changes meet: codes are redeemed twice, tokens used again.
    /// </summary>
    private static GrantChange RandomChange(Random random, Instant at)
    {
        var name = $"{random.Next(20)}";
        var token = Refresh($"token {random.Next(40)}", at);
        return random.Next(9) switch
        {
            0 => Code(name, random.Next(5), at),
            1 => new CodeRedeemed(Digest(name), token),
            2 => Device(name, name, random.Next(5), at),
            3 => new DeviceCodeApproved(Digest(name), Id(random.Next(3))),
            4 => new DeviceCodeDenied(Digest(name)),
            5 => new DeviceCodeRedeemed(Digest(name), token),
            6 => new RefreshTokenIssued(
                Grant(random.Next(5)),
                token with
                {
                    ExpiresAt = at + IssuerLimits.CodeLifetime,
                }
            ),
            _ => new RefreshTokenRedeemed(Digest($"token {random.Next(40)}"), token),
        };
    }
}
