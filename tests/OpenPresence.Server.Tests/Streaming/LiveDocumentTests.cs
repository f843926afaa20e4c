using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Streaming;

/// <summary>The C# of docs/live.md is the code below, and the code below runs.</summary>
public sealed partial class LiveDocumentTests
{
    private const string Self = "tests/OpenPresence.Server.Tests/Streaming/LiveDocumentTests.cs";

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public void The_documented_program_is_the_one_that_is_run_here()
    {
        var shown = CSharp().Match(ProjectFiles.Read("docs/live.md")).Groups["code"].Value;
        var run = Shown().Match(ProjectFiles.Read(Self)).Groups["code"].Value;
        Assert.NotEmpty(shown);
        Assert.Equal(Lines(shown), Lines(run));
    }

    [Fact]
    public async Task The_documented_program_hears_of_a_change()
    {
        var server = await RunningServer.StartAsync();
        var token = await server.ApplicationTokenAsync("Presence.ReadWrite.All");
        var heard = new TaskCompletionSource<string>();
        var listening = ListenAsync(server.Client, token, heard);
        await LiveEndpointsTests.SetAsync(server, token, RunningServer.Someone, "DoNotDisturb", "Presenting");
        var data = await heard.Task.WaitAsync(Eventually.Limit, Cancel);
        Assert.Contains("DoNotDisturb", data, StringComparison.Ordinal);
        await server.DisposeAsync();
        await Assert.ThrowsAnyAsync<Exception>(() => listening);
    }

    private static async Task ListenAsync(HttpClient client, string token, TaskCompletionSource<string> heard)
    {
        void Show(string data)
        {
            if (
                data.Contains(RunningServer.Someone, StringComparison.Ordinal)
                && data.Contains("Presenting", StringComparison.Ordinal)
            )
            {
                heard.TrySetResult(data);
            }
        }

#pragma warning disable CA2016, xUnit1051 // what is shown does without a token to cancel it
        // shown:
        var last = "";
        while (true)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/live/presences");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            if (last.Length > 0)
            {
                request.Headers.Add("Last-Event-ID", last);
            }
            using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            var events = SseParser.Create(await answer.Content.ReadAsStreamAsync());
            await foreach (var told in events.EnumerateAsync())
            {
                last = events.LastEventId;
                if (told.EventType == "presence")
                {
                    Show(told.Data);
                }
            }
        }
        // :shown
    }

    private static string[] Lines(string code) =>
        [.. code.Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0)];

    [GeneratedRegex("```csharp\n(?<code>.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();

    [GeneratedRegex("// shown:\n(?<code>.*?)// :shown", RegexOptions.Singleline)]
    private static partial Regex Shown();
}
