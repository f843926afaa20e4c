using OpenPresence.Server.State.Revocations;

namespace OpenPresence.Server.Tests.State.Revocations;

public sealed class RevokedSignInsTests
{
    private const int MadeAt = 5;

    private static readonly Guid Ada = Id(1);
    private static readonly Guid Bob = Id(2);
    private static readonly Guid Phone = Id(3);
    private static readonly Guid Desk = Id(4);
    private static readonly Guid Session = Id(5);

    private RevokedSignIns _revoked = RevokedSignIns.None;

    [Fact]
    public void Nothing_is_revoked_at_first() => Assert.False(IsRevoked(0));

    [Fact]
    public void What_was_made_before_the_revocation_ends_and_what_is_made_after_it_is_good()
    {
        _revoked = _revoked.With(new(Ada, default), MadeAt + 1);
        Assert.True(IsRevoked(MadeAt));
        Assert.False(IsRevoked(MadeAt + 1));
        Assert.False(IsRevoked(MadeAt + 2));
    }

    public static TheoryData<Guid, Guid, Guid, bool> Revocations =>
        new()
        {
            { default, default, default, true },
            { Ada, default, default, true },
            { Bob, default, default, false },
            { default, Phone, default, true },
            { default, Desk, default, false },
            { Ada, Phone, default, true },
            { Ada, Desk, default, false },
            { Bob, Phone, default, false },
            { default, default, Session, true },
            { default, default, Id(6), false },
        };

    [Theory]
    [MemberData(nameof(Revocations))]
    public void A_revocation_ends_what_it_names(Guid person, Guid client, Guid session, bool isRevoked)
    {
        _revoked = _revoked.With(new(person, client, session), MadeAt + 1);
        Assert.Equal(isRevoked, IsRevoked(MadeAt));
    }

    [Fact]
    public void The_later_of_two_for_the_same_counts()
    {
        _revoked = _revoked.With(new(Ada, default), 3).With(new(Ada, default), 8);
        Assert.True(IsRevoked(7));
        Assert.False(IsRevoked(8));
    }

    [Fact]
    public void The_end_of_everything_needs_none_of_those_before()
    {
        _revoked = _revoked.With(new(Ada, default), 3).With(default, 4).With(new(Bob, default), 9);
        Assert.True(IsRevoked(3));
        Assert.False(IsRevoked(4));
        Assert.True(_revoked.Contains(Bob, Phone, Session, 8));
    }

    [Fact]
    public void Full_none_is_forgotten_and_everything_before_the_oldest_ends()
    {
        const int First = 100;
        for (var i = 0; i <= RevokedSignIns.RevocationsMax; i++)
        {
            _revoked = _revoked.With(new(Id(1000 + i), default), First + i);
        }

        Assert.True(_revoked.Contains(Id(1000), Phone, Session, First - 1));
        Assert.True(_revoked.Contains(Id(1001), Phone, Session, First));
        Assert.True(IsRevoked(First - 1));
        Assert.False(IsRevoked(First));
    }

    [Fact]
    public void What_is_written_is_read_back_and_equal_states_write_equal_bytes()
    {
        _revoked = RevokedSignIns.AllBefore(2).With(new(Ada, Phone), 3).With(new(default, default, Session), 6);
        var other = RevokedSignIns
            .None.With(default, 2)
            .With(new(default, default, Session), 4)
            .With(new(Ada, Phone), 3)
            .With(new(default, default, Session), 6);
        Assert.Equal(Bytes(_revoked), Bytes(other));

        using var stream = new MemoryStream([.. Bytes(_revoked), 7]);
        _revoked = RevokedSignIns.ReadFrom(stream);
        Assert.Equal(7, stream.ReadByte());
        Assert.Equal(Bytes(other), Bytes(_revoked));
        Assert.True(IsRevoked(5));
        Assert.False(IsRevoked(6));
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        var bytes = Bytes(_revoked.With(new(Ada, Phone), 3));
        for (var length = 0; length < bytes.Length; length++)
        {
            using var stream = new MemoryStream(bytes, 0, length);
            Assert.ThrowsAny<Exception>(() => RevokedSignIns.ReadFrom(stream));
        }
    }

    private bool IsRevoked(long madeAt) => _revoked.Contains(Ada, Phone, Session, madeAt);

    private static byte[] Bytes(RevokedSignIns revoked)
    {
        using var stream = new MemoryStream();
        revoked.WriteTo(stream);
        return stream.ToArray();
    }

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);
}
