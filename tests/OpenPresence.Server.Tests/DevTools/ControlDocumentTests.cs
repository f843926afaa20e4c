using System.Text;
using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.DevTools;

/// <summary>docs/control.md names every route, and what it shows works as it stands there.</summary>
public sealed partial class ControlDocumentTests
{
    private static readonly string Text = ProjectFiles.Read("docs/control.md");

    private static readonly CancellationToken Cancel = TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_is_described()
    {
        await using var server = await RunningServer.StartAsync();
        var routes = (await server.ControlledAsync(HttpMethod.Get, ""))["routes"]!.AsArray();
        Assert.NotEmpty(routes);
        Assert.All(routes, route => Assert.Contains($"`{route!["method"]} {route["path"]}`", Text, Ordinal));
    }

    /// <summary>One after the other against one server, as somebody would paste them.</summary>
    [Fact]
    public async Task Every_command_that_is_shown_succeeds()
    {
        await using var server = await RunningServer.StartAsync();
        var commands = Blocks()
            .Matches(Text)
            .Select(block => block.Groups["text"].Value.Replace("\\\n", "", Ordinal))
            .SelectMany(text => Commands().Matches(text))
            .Select(command => command.Value)
            .ToArray();
        Assert.NotEmpty(commands);
        foreach (var command in commands)
        {
            var address = Address().Match(command).Groups["path"].Value;
            var method = Method().Match(command) is { Success: true } named ? named.Groups["method"].Value : "GET";
            using var request = new HttpRequestMessage(new HttpMethod(method), address);
            if (Body().Match(command) is { Success: true } body)
            {
                request.Content = new StringContent(body.Groups["body"].Value, Encoding.UTF8, "application/json");
            }
            using var answer = await server.Client.SendAsync(request, Cancel);
            var said = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(answer.IsSuccessStatusCode, $"{command}\n{(int)answer.StatusCode} {said}");
        }
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex("```sh\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex("(?<=^)curl .*?(?=^curl |\\z)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Commands();

    [GeneratedRegex("-X (?<method>[A-Z]+)")]
    private static partial Regex Method();

    [GeneratedRegex("http://localhost:5080(?<path>[^\\s\"]+)")]
    private static partial Regex Address();

    [GeneratedRegex("-d '(?<body>[^']*)'", RegexOptions.Singleline)]
    private static partial Regex Body();
}
