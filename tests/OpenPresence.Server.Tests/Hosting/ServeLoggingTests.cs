using System.Text.Json;
using Microsoft.Extensions.Logging;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Settings;

namespace OpenPresence.Server.Tests.Hosting;

/// <summary>What a served process writes to standard output.</summary>
[Collection(nameof(ServeLoggingTests))]
[CollectionDefinition(nameof(ServeLoggingTests), DisableParallelization = true)]
public sealed class ServeLoggingTests
{
    [Fact]
    public void A_line_of_JSON_has_a_member_for_each_value_of_its_message()
    {
        using var line = JsonDocument.Parse(
            Logged(LogFormat.Json, log => log.LogWarning("{Host} answers {Status}.", "a.example", 503))
        );
        var state = line.RootElement.GetProperty("State");
        Assert.Equal("a.example", state.GetProperty("Host").GetString());
        Assert.Equal(503, state.GetProperty("Status").GetInt32());
        Assert.Equal("Warning", line.RootElement.GetProperty("LogLevel").GetString());
        Assert.EndsWith("Z", line.RootElement.GetProperty("Timestamp").GetString());
    }

    [Fact]
    public void A_line_of_text_begins_with_its_instant()
    {
        var line = Logged(LogFormat.Text, log => log.LogWarning("{Host} answers.", "a.example"));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z warn: .*a\.example answers\.\s*$", line);
    }

    /// <summary>The framework makes an activity for each request as soon as anybody could log there.</summary>
    [Theory]
    [InlineData(LogFormat.Text)]
    [InlineData(LogFormat.Json)]
    public void Nobody_can_log_where_that_costs_an_activity_for_each_request(LogFormat format)
    {
        using var logs = LoggerFactory.Create(ServeLogging.As(format));
        var hosting = logs.CreateLogger("Microsoft.AspNetCore.Hosting.Diagnostics");
        Assert.False(hosting.IsEnabled(LogLevel.Critical));
    }

    private static string Logged(LogFormat format, Action<ILogger> write)
    {
        var before = Console.Out;
        using var said = new StringWriter();
        Console.SetOut(said);
        try
        {
            // The writer is taken when the provider is made, and emptied when it is disposed.
            using var logs = LoggerFactory.Create(ServeLogging.As(format));
            write(logs.CreateLogger("OpenPresence"));
        }
        finally
        {
            Console.SetOut(before);
        }
        return said.ToString().TrimEnd();
    }
}
