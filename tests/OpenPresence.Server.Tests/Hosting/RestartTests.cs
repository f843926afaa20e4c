using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpenPresence.Engine;
using OpenPresence.Server.Journal;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Hosting;

/// <summary>A server that stops and starts again on the same data.</summary>
public sealed partial class RestartTests
{
    private static readonly Guid Someone = new(RunningServer.Someone);

    [Fact]
    public async Task What_ended_while_the_server_was_down_is_over_before_the_first_answer()
    {
        await using var server = await RunningServer.StartAsync();
        var newcomer = Guid.NewGuid();
        var busy = new PresencePair(Availability.Busy, Activity.InACall);
        await server.Node.ExecuteAsync(new PersonKnown(newcomer, new(RunningServer.DemoTenant)));
        await server.Node.ExecuteAsync(newcomer, new SetPresence(newcomer, busy, TimeSpan.FromMinutes(5)));
        Assert.Equal("Busy", await AvailabilityAsync(server, newcomer));
        await server.StopAsync();
        server.Clock.Advance(TimeSpan.FromDays(1));
        await server.StartAgainAsync();
        Assert.Equal("Offline", await AvailabilityAsync(server, newcomer));
    }

    [Fact]
    public async Task A_damaged_journal_names_its_way_out_and_the_setting_takes_it()
    {
        await using var server = await RunningServer.StartAsync();
        await SayAsync(server, "before the damage");
        await SayAsync(server, "damaged entry");
        await SayAsync(server, "after the damage");

        await server.StopAsync();
        Damage(server.JournalDirectory, "damaged entry");
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => server.StartAgainAsync());
        var position = long.Parse(WayOut().Match(refused.Message).Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        await server.StartAgainAsync(options => options with { JournalTruncateAt = position });
        Assert.Equal("before the damage", await MessageAsync(server));
        await SayAsync(server, "written afterwards");
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.Equal("written afterwards", await MessageAsync(server));
    }

    [GeneratedRegex("--journal-truncate-at ([0-9]+)")]
    private static partial Regex WayOut();

    private static void Damage(string folder, string text)
    {
        foreach (var file in System.IO.Directory.GetFiles(folder))
        {
            var bytes = File.ReadAllBytes(file);
            if (bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) is >= 0 and var at)
            {
                bytes[at] ^= 1;
                File.WriteAllBytes(file, bytes);
                return;
            }
        }
        Assert.Fail($"No file of the journal holds '{text}'.");
    }

    private static async Task SayAsync(RunningServer server, string content) =>
        Assert.Equal(
            Outcome.Done,
            (await server.Node.ExecuteAsync(Someone, new SetStatusMessage(content, null))).Presence
        );

    private static async Task<string?> MessageAsync(RunningServer server) =>
        (await PresenceAsync(server, Someone))
            .GetProperty("statusMessage")
            .GetProperty("message")
            .GetProperty("content")
            .GetString();

    private static async Task<string?> AvailabilityAsync(RunningServer server, Guid person) =>
        (await PresenceAsync(server, person)).GetProperty("availability").GetString();

    private static async Task<JsonElement> PresenceAsync(RunningServer server, Guid person)
    {
        using var answer = await server.SendAsync(
            HttpMethod.Get,
            $"/v1.0/users/{person}/presence",
            await server.ApplicationTokenAsync("Presence.Read.All")
        );
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return JsonDocument.Parse(text).RootElement;
    }
}
