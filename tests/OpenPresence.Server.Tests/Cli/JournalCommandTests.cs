using OpenPresence.Server.Cli;

namespace OpenPresence.Server.Tests.Cli;

/// <summary>What operators do to a journal, as they type it.</summary>
public sealed class JournalCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = System.IO.Directory.CreateTempSubdirectory("op-cli-");

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task A_server_goes_on_with_the_copy_of_its_journal()
    {
        await using var server = await RunningServer.StartAsync();
        var data = server.Host.Options.DataDirectory;
        var before = await ReadAsync(server);
        await server.StopAsync();

        var copied = await RunAsync("copy", "--from", data, "--to", folder.FullName, "--json");
        Assert.True(copied.Code == ExitCode.Done, copied.Errors);
        var verified = await RunAsync("verify", "--data", folder.FullName, "--json");
        Assert.True(verified.Code == ExitCode.Done, verified.Errors);
        Assert.Equal($"{copied.Json[0]["stateHash"]}", $"{verified.Json[0]["stateHash"]}");

        await server.StartAgainAsync(options => options with { DataDirectory = folder.FullName });
        Assert.Equal(before, await ReadAsync(server));
    }

    [Fact]
    public async Task What_cannot_be_copied_is_refused_with_a_sentence()
    {
        await using var server = await RunningServer.StartAsync();
        var data = server.Host.Options.DataDirectory;

        var running = await RunAsync("copy", "--from", data, "--to", folder.FullName);
        Assert.Equal(ExitCode.BadInput, running.Code);
        Assert.StartsWith("error: Another server uses the journal", running.Errors);

        var missing = await RunAsync("verify", "--data", Path.Combine(folder.FullName, "none"));
        Assert.Equal(ExitCode.BadInput, missing.Code);
        Assert.StartsWith("error: There is no journal in ", missing.Errors);
    }

    private static async Task<string> ReadAsync(RunningServer server)
    {
        using var answer = await server.SendAsync(
            HttpMethod.Get,
            $"/v1.0/users/{RunningServer.Someone}/presence?$select=availability,sequenceNumber",
            await server.ApplicationTokenAsync("Presence.Read.All")
        );
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return text[text.IndexOf("\"availability\"", StringComparison.Ordinal)..];
    }

    private static Task<CommandRun> RunAsync(params string[] args) =>
        CommandRun.OfAsync(new Dictionary<string, string>(), ["journal", .. args]);
}
