using OpenPresence.Engine;
using OpenPresence.Server.Issuer;
using OpenPresence.Server.State.Grants;
using static OpenPresence.Server.Tests.State.Grants.GrantSamples;

namespace OpenPresence.Server.Tests.State.Grants;

public sealed class GrantStateTests
{
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    private readonly GrantState _state = new();
    private Instant _at = Start;

    [Fact]
    public void A_code_is_redeemed_once_and_a_second_time_ends_what_came_of_it()
    {
        Apply(GrantOutcome.Done, Code("code"));
        Apply(GrantOutcome.Done, new CodeRedeemed(Digest("code"), Refresh("token")));
        Assert.NotNull(_state.FindRefreshToken(Digest("token"), _at));

        Apply(GrantOutcome.AlreadyRedeemed, new CodeRedeemed(Digest("code"), Refresh("stolen")));
        Assert.Null(_state.FindRefreshToken(Digest("token"), _at));
        Assert.Null(_state.FindRefreshToken(Digest("stolen"), _at));
    }

    [Fact]
    public void A_code_that_was_never_issued_is_unknown() =>
        Apply(GrantOutcome.Unknown, new CodeRedeemed(Digest("made up"), null));

    [Fact]
    public void A_code_ends_with_its_lifetime()
    {
        Apply(GrantOutcome.Done, Code("code"));
        _at = Start + IssuerLimits.CodeLifetime - Tick;
        Assert.NotNull(_state.FindCode(Digest("code"), _at));

        _at = Start + IssuerLimits.CodeLifetime;
        Assert.Null(_state.FindCode(Digest("code"), _at));
        Apply(GrantOutcome.Unknown, new CodeRedeemed(Digest("code"), null));
    }

    [Fact]
    public void A_device_waits_for_a_person()
    {
        Apply(GrantOutcome.Done, Device("device", "ABC"));
        Apply(GrantOutcome.Pending, new DeviceCodeRedeemed(Digest("device"), null));
        Apply(GrantOutcome.Done, new DeviceCodeApproved(Digest("ABC"), Id(2001)));
        Apply(GrantOutcome.Done, new DeviceCodeRedeemed(Digest("device"), Refresh("token")));

        Assert.Equal(Id(2001), _state.FindRefreshToken(Digest("token"), _at)!.Grant.PersonId);
    }

    [Fact]
    public void A_device_that_collects_twice_loses_its_grant()
    {
        Apply(GrantOutcome.Done, Device("device", "ABC"));
        Apply(GrantOutcome.Done, new DeviceCodeApproved(Digest("ABC"), Id(2001)));
        Apply(GrantOutcome.Done, new DeviceCodeRedeemed(Digest("device"), Refresh("token")));
        Apply(GrantOutcome.AlreadyRedeemed, new DeviceCodeRedeemed(Digest("device"), Refresh("again")));

        Assert.Null(_state.FindRefreshToken(Digest("token"), _at));
    }

    [Fact]
    public void The_first_decision_about_a_device_counts()
    {
        Apply(GrantOutcome.Done, Device("device", "ABC"));
        Apply(GrantOutcome.Done, new DeviceCodeDenied(Digest("ABC")));
        Apply(GrantOutcome.AlreadyDecided, new DeviceCodeApproved(Digest("ABC"), Id(2001)));
        Apply(GrantOutcome.Denied, new DeviceCodeRedeemed(Digest("device"), null));
    }

    [Fact]
    public void A_code_that_nobody_was_given_decides_nothing()
    {
        Apply(GrantOutcome.Done, Device("device", "ABC"));
        Apply(GrantOutcome.Unknown, new DeviceCodeApproved(Digest("XYZ"), Id(2001)));
        _at += IssuerLimits.DeviceCodeLifetime;
        Apply(GrantOutcome.Unknown, new DeviceCodeApproved(Digest("ABC"), Id(2001)));
    }

    [Fact]
    public void Digests_that_are_taken_are_refused()
    {
        Apply(GrantOutcome.Done, Code("code"));
        Apply(GrantOutcome.Duplicate, Code("code", grant: 2));
        Apply(GrantOutcome.Done, Device("device", "ABC"));
        Apply(GrantOutcome.Duplicate, Device("other", "ABC"));
        Apply(GrantOutcome.Duplicate, Device("device", "DEF"));
        Apply(GrantOutcome.Done, new RefreshTokenIssued(Grant(3), Refresh("token")));
        Apply(GrantOutcome.Duplicate, new RefreshTokenIssued(Grant(4), Refresh("token")));
    }

    [Fact]
    public void A_refresh_token_may_be_used_again_within_the_grace()
    {
        Apply(GrantOutcome.Done, new RefreshTokenIssued(Grant(1), Refresh("first")));
        Apply(GrantOutcome.Done, new RefreshTokenRedeemed(Digest("first"), Refresh("second")));
        _at += GrantLimits.RefreshTokenReuseGrace - Tick;
        Apply(GrantOutcome.Done, new RefreshTokenRedeemed(Digest("first"), Refresh("twin")));

        Assert.NotNull(_state.FindRefreshToken(Digest("second"), _at));
        Assert.NotNull(_state.FindRefreshToken(Digest("twin"), _at));
    }

    [Fact]
    public void A_refresh_token_that_is_used_after_the_grace_ends_its_whole_grant_and_no_other()
    {
        Apply(GrantOutcome.Done, new RefreshTokenIssued(Grant(1), Refresh("first")));
        Apply(GrantOutcome.Done, new RefreshTokenIssued(Grant(2), Refresh("bystander")));
        Apply(GrantOutcome.Done, new RefreshTokenRedeemed(Digest("first"), Refresh("second")));
        _at += GrantLimits.RefreshTokenReuseGrace;
        Apply(GrantOutcome.AlreadyRedeemed, new RefreshTokenRedeemed(Digest("first"), Refresh("stolen")));

        Assert.Null(_state.FindRefreshToken(Digest("second"), _at));
        Assert.Null(_state.FindRefreshToken(Digest("stolen"), _at));
        Assert.NotNull(_state.FindRefreshToken(Digest("bystander"), _at));
        Apply(GrantOutcome.Unknown, new RefreshTokenRedeemed(Digest("first"), Refresh("third")));
    }

    [Fact]
    public void Using_a_refresh_token_again_does_not_prolong_the_grace()
    {
        Apply(GrantOutcome.Done, new RefreshTokenIssued(Grant(1), Refresh("first")));
        Apply(GrantOutcome.Done, new RefreshTokenRedeemed(Digest("first"), Refresh("second")));
        _at += GrantLimits.RefreshTokenReuseGrace - Tick;
        Apply(GrantOutcome.Done, new RefreshTokenRedeemed(Digest("first"), Refresh("third")));
        _at += Tick;
        Apply(GrantOutcome.AlreadyRedeemed, new RefreshTokenRedeemed(Digest("first"), Refresh("fourth")));
    }

    [Fact]
    public void A_grant_remembers_a_bounded_number_of_its_tokens()
    {
        Apply(GrantOutcome.Done, new RefreshTokenIssued(Grant(1), Refresh("0")));
        const int Count = GrantLimits.RefreshTokensPerGrantMax;
        for (var i = 0; i < Count; i++)
        {
            Apply(GrantOutcome.Done, new RefreshTokenRedeemed(Digest($"{i}"), Refresh($"{i + 1}")));
        }

        Assert.Null(_state.FindRefreshToken(Digest("0"), _at));
        Assert.NotNull(_state.FindRefreshToken(Digest("1"), _at));
        Assert.NotNull(_state.FindRefreshToken(Digest($"{Count}"), _at));
    }

    [Fact]
    public void Beyond_the_limit_the_code_that_would_end_first_goes()
    {
        Apply(GrantOutcome.Done, Code("oldest"));
        _at += Tick;
        for (var i = 0; i < GrantLimits.CodesMax; i++)
        {
            Apply(GrantOutcome.Done, Code($"{i}", at: _at));
        }

        Assert.Null(_state.FindCode(Digest("oldest"), _at));
        Assert.NotNull(_state.FindCode(Digest("0"), _at));
    }

    [Fact]
    public void Beyond_the_limit_the_device_that_would_end_first_goes_with_its_user_code()
    {
        Apply(GrantOutcome.Done, Device("oldest", "ABC"));
        _at += Tick;
        for (var i = 0; i < GrantLimits.DeviceCodesMax; i++)
        {
            Apply(GrantOutcome.Done, Device($"{i}", $"user {i}", at: _at));
        }

        Assert.Null(_state.FindDeviceCode(Digest("oldest"), _at));
        Assert.Null(_state.FindUserCode(Digest("ABC"), _at));
        Assert.NotNull(_state.FindUserCode(Digest("user 0"), _at));
    }

    [Fact]
    public void What_has_ended_is_cleared_away_a_bounded_part_at_a_time()
    {
        const int Count = GrantLimits.PrunedPerChangeMax + 1;
        for (var i = 0; i < Count; i++)
        {
            Apply(GrantOutcome.Done, Code($"{i}"));
        }

        _at += IssuerLimits.CodeLifetime;
        Apply(GrantOutcome.Unknown, new CodeRedeemed(Digest("0"), null));
        Assert.NotEqual(Bytes(new GrantState()), Bytes(_state));
        Apply(GrantOutcome.Unknown, new CodeRedeemed(Digest("0"), null));
        Assert.Equal(Bytes(new GrantState()), Bytes(_state));
    }

    private void Apply(GrantOutcome expected, GrantChange change) => Assert.Equal(expected, _state.Apply(change, _at));

    [Fact]
    public void Revoking_ends_the_refresh_tokens_of_a_person_or_an_application_and_no_others()
    {
        var state = new GrantState();
        var other = Grant(2) with { PersonId = Id(2002), ClientId = Id(3002) };
        state.Apply(new RefreshTokenIssued(Grant(1), Refresh("one")), Start);
        state.Apply(new RefreshTokenIssued(other, Refresh("two")), Start);
        state.Apply(new GrantsRevoked(Id(2001), Id(3002)), Start);
        Assert.NotNull(state.FindRefreshToken(Digest("one"), Start));
        state.Apply(new GrantsRevoked(Id(2001), Guid.Empty), Start);
        Assert.Null(state.FindRefreshToken(Digest("one"), Start));
        Assert.NotNull(state.FindRefreshToken(Digest("two"), Start));
        state.Apply(new GrantsRevoked(Guid.Empty, Id(3002)), Start);
        Assert.Null(state.FindRefreshToken(Digest("two"), Start));
    }
}
