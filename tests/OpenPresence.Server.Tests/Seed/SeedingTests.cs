using System.Security.Cryptography;
using OpenPresence.Server.Contracts;
using OpenPresence.Server.Seed;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;

namespace OpenPresence.Server.Tests.Seed;

/// <summary>An empty data directory is filled once; from then on it lives its own life.</summary>
public sealed class SeedingTests
{
    private const string Right = """
        { "tenants": [ { "id": "22222222-0000-4000-8000-000000000001", "displayName": "Own", "domains": ["own.example"],
            "people": [ { "id": "22222222-0000-4000-8000-000000000002", "userPrincipalName": "ada@own.example", "displayName": "Ada" } ] } ] }
        """;

    [Fact]
    public async Task What_changed_since_is_not_seeded_again()
    {
        await using var server = await RunningServer.StartAsync();
        await server.Node.ExecuteAsync(new PersonRemoved(Guid.Parse(RunningServer.Someone)));
        var position = server.Node.State.Position;
        await server.StopAsync();
        await server.StartAgainAsync();
        Assert.False(server.Node.State.Directory.TryGetPerson(Guid.Parse(RunningServer.Someone), out _));
        Assert.Equal(position, server.Node.State.Position);
    }

    [Fact]
    public async Task A_seed_that_broke_off_is_taken_in_again_by_the_next_start()
    {
        await using var server = await RunningServer.StartAsync(InProduction);
        Assert.Equal(0, server.Node.State.Directory.CountPeople(Demo));
        var seed = Seeding.Read(server.Node.State.Clock.Now, new ServerOptions())!;
        byte[][] all = [.. seed.Payloads];
        await Seeding.AppendAsync(server.Node, all[..(all.Length / 2)], TestContext.Current.CancellationToken);
        Assert.Empty(server.Node.State.SeedHash);

        await server.StopAsync();
        await server.StartAgainAsync(options => options with { Profile = Profile.Development });

        Assert.Equal(SHA256.HashData("demo"u8), server.Node.State.SeedHash);
        Assert.Equal(14, server.Node.State.Directory.CountPeople(Demo));
    }

    [Fact]
    public async Task A_file_of_ones_own_takes_the_place_of_the_demo_in_each_profile()
    {
        await using var file = await SeedInAFile.WriteAsync(Right);
        foreach (var profile in Enum.GetValues<Profile>())
        {
            await using var server = await RunningServer.StartAsync(options =>
                options with
                {
                    Profile = profile,
                    Seed = file.Path,
                }
            );
            Assert.True(server.Node.State.Directory.TryGetPerson("ada@own.example", out _));
            Assert.Equal(0, server.Node.State.Directory.CountPeople(Demo));
        }
    }

    [Fact]
    public async Task A_file_that_cannot_be_taken_in_names_its_faults_and_leaves_the_data_as_it_was()
    {
        await using var file = await SeedInAFile.WriteAsync(
            """
            { "tenants": [ { "id": "no guid", "displayName": "Own" } ],
              "people": [] }
            """
        );
        await using var server = await RunningServer.StartAsync(InProduction);
        var before = server.Node.State.Position;
        await server.StopAsync();
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() =>
            server.StartAgainAsync(options => options with { Seed = file.Path })
        );
        var faults = refused.Message.Split('\n');
        Assert.True(faults.Length > 1, refused.Message);
        Assert.All(faults, fault => Assert.StartsWith(file.Path, fault, StringComparison.Ordinal));

        await file.ReplaceAsync(Right);
        await server.StartAgainAsync();
        Assert.Equal(before, server.Node.State.Position);
        await server.StopAsync();
        await server.StartAgainAsync(options => options with { Seed = file.Path });
        Assert.True(server.Node.State.Directory.TryGetPerson("ada@own.example", out _));
    }

    [Fact]
    public async Task A_file_that_is_not_there_is_named()
    {
        await using var server = await RunningServer.StartAsync(InProduction);
        await server.StopAsync();
        var path = Path.Combine(server.Host.Options.DataDirectory, "no.seed.jsonc");
        var refused = await Assert.ThrowsAsync<StartRefusedException>(() =>
            server.StartAgainAsync(options => options with { Seed = path })
        );
        Assert.StartsWith("The seed cannot be read: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    private static readonly Guid Demo = Guid.Parse(RunningServer.DemoTenant);

    private static ServerOptions InProduction(ServerOptions options) => options with { Profile = Profile.Production };

    private sealed class SeedInAFile : IAsyncDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public static async Task<SeedInAFile> WriteAsync(string text)
        {
            var file = new SeedInAFile();
            await file.ReplaceAsync(text);
            return file;
        }

        public Task ReplaceAsync(string text) =>
            File.WriteAllTextAsync(Path, text, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync()
        {
            File.Delete(Path);
            return ValueTask.CompletedTask;
        }
    }
}
