using OpenPresence.Server.Cli;
using OpenPresence.Server.Cli.Terminal;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Tests.Cli;

public sealed class ProgressLineTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StringWriter _errors = new();
    private readonly StartProgress _progress = new();

    public void Dispose() => _errors.Dispose();

    [Fact]
    public void What_is_done_within_two_seconds_shows_nothing()
    {
        using (Show(isTerminal: true))
        {
            _clock.Advance(ProgressLine.After - TimeSpan.FromMilliseconds(1));
        }

        Assert.Equal("", _errors.ToString());
    }

    [Fact]
    public void A_terminal_gets_a_bar_that_goes_away_with_the_work()
    {
        var done = 0;
        _progress.Begin("reading the journal", () => done, 2_000_000);
        using (Show(isTerminal: true))
        {
            done = 500_000;
            _clock.Advance(ProgressLine.After);
            Assert.Equal(
                "\rreading the journal [#######-----------------------] 25 %, 500,000 of 2,000,000, 2 s\e[K",
                _errors.ToString()
            );
        }

        Assert.EndsWith("\r\e[K", _errors.ToString());
    }

    [Fact]
    public void A_log_gets_a_line_now_and_then()
    {
        using (Show(isTerminal: false))
        {
            _clock.Advance(ProgressLine.After);
            _progress.Begin("taking in the seed", () => 30, 40);
            _clock.Advance(ProgressLine.TellEvery);
        }

        Assert.Equal("note: starting … 2 s\nnote: taking in the seed 75 %, 30 of 40, 12 s\n", _errors.ToString());
    }

    private ProgressLine Show(bool isTerminal) =>
        new(
            _progress,
            new Shell
            {
                Output = TextWriter.Null,
                Errors = _errors,
                Environment = new Dictionary<string, string>(),
                Time = _clock,
                IsErrorsTerminal = isTerminal,
            }
        );
}
