using OpenPresence.Engine;
using OpenPresence.Server.Keys;

namespace OpenPresence.Server.Tests.Keys;

public sealed class SigningKeyScheduleTests
{
    private static readonly Instant Day0 = Instant.From(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly Instant Day90 = Day0 + SigningKeySchedule.RotationPeriod;
    private static readonly Instant Takeover = Day90 + SigningKeySchedule.PublishedAhead;

    [Fact]
    public void Without_a_key_one_is_due() => Assert.True(SigningKeySchedule.IsKeyDue([], Day0));

    [Fact]
    public void The_next_key_is_due_one_period_after_the_newest()
    {
        Assert.False(SigningKeySchedule.IsKeyDue([Day0], Day90 - Tick));
        Assert.True(SigningKeySchedule.IsKeyDue([Day0], Day90));
        Assert.False(SigningKeySchedule.IsKeyDue([Day0, Day90], Day90));
    }

    [Fact]
    public void The_first_key_signs_at_once_and_the_next_only_after_it_was_published_a_while()
    {
        Assert.Equal(0, SigningKeySchedule.SigningIndex([Day0], Day0));
        Assert.Equal(0, SigningKeySchedule.SigningIndex([Day0, Day90], Takeover - Tick));
        Assert.Equal(1, SigningKeySchedule.SigningIndex([Day0, Day90], Takeover));
    }

    [Fact]
    public void An_old_key_stays_until_the_last_token_it_signed_or_sealed_has_ended()
    {
        foreach (var after in (TimeSpan[])[SigningKeySchedule.PublishedAfter, SigningKeySchedule.KeptAfter])
        {
            var ended = Takeover + after;
            Assert.Equal(0, SigningKeySchedule.RetiredCount([Day0, Day90], ended - Tick, after));
            Assert.Equal(1, SigningKeySchedule.RetiredCount([Day0, Day90], ended, after));
        }
    }

    [Fact]
    public void The_newest_key_is_never_retired_and_signs_however_late_it_is()
    {
        var late = Day0 + TimeSpan.FromDays(4000);
        Assert.Equal(0, SigningKeySchedule.RetiredCount([Day0], late, SigningKeySchedule.PublishedAfter));
        Assert.Equal(0, SigningKeySchedule.SigningIndex([Day0], late));
    }

    [Fact]
    public void A_clock_before_every_key_signs_with_the_oldest() =>
        Assert.Equal(0, SigningKeySchedule.SigningIndex([Day0, Day90], Day0 - Tick));
}
