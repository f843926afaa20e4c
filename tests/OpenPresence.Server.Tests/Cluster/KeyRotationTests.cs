using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using OpenPresence.Server.Keys;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Cluster;

/// <summary>
/// Two servers on one database while their signing keys change: whatever one of them signs, the other one takes, before,
/// meanwhile and afterwards. The names of the files say when keys were made, so keys of any age can be given to them.
/// </summary>
public sealed class KeyRotationTests(SharedPostgres shared) : IAsyncDisposable
{
    private readonly InProcessNodes nodes = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task When_a_key_is_due_one_node_makes_it_for_all_that_share_the_folder()
    {
        var connection = await shared.CreateDatabaseAsync();
        var folder = nodes.Folder("keys");
        var old = await MakeAsync(folder, SigningKeySchedule.RotationPeriod + TimeSpan.FromMinutes(1));

        await Task.WhenAll(nodes.StartAsync(connection, "a"), nodes.StartAsync(connection, "b"));

        await Eventually.IsSoAsync(() => nodes.Hosts.All(host => host.SigningKeys!.Names.Count == 2));
        Assert.Equal(2, System.IO.Directory.GetFiles(folder).Length);
        Assert.Equal(nodes.Hosts[0].SigningKeys!.Names, nodes.Hosts[1].SigningKeys!.Names);
        Assert.All(nodes.Hosts, host => Assert.Equal(old.KeyId, host.SigningKeys!.CurrentId));
        await EachTakesTokensOfTheOtherAsync(0, 1);
    }

    [Fact]
    public async Task A_key_that_is_put_into_the_folder_of_all_is_taken_up_and_older_tokens_stay_good()
    {
        var connection = await shared.CreateDatabaseAsync();
        var folder = nodes.Folder("keys");
        await MakeAsync(folder, TimeSpan.FromDays(10));
        await nodes.StartAsync(connection, "a");
        var b = await nodes.StartAsync(connection, "b");
        var older = await TokenAsync(b);

        // Old enough to sign at once; nobody tells the nodes of it, but that one of them is restarted.
        var next = await MakeAsync(folder, SigningKeySchedule.PublishedAhead * 1.5);
        await nodes.RemoveAsync(0);
        var again = await nodes.StartAsync(connection, "a");
        await EachTakesTokensOfTheOtherAsync(again, b);
        await Eventually.IsSoAsync(() =>
            nodes.Hosts[b].SigningKeys!.CurrentId == next.KeyId
            && nodes.Hosts[again].SigningKeys!.CurrentId == next.KeyId
        );

        await EachTakesTokensOfTheOtherAsync(again, b);
        await IsTakenAsync(older, by: again);
        await IsTakenAsync(older, by: b);
        Assert.DoesNotContain("key", await ReportAsync(b), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_one_node_lacks_is_reported_there_and_signs_nothing_until_it_is_there()
    {
        var connection = await shared.CreateDatabaseAsync();
        var (ofA, ofB) = (nodes.Folder("keys-a"), nodes.Folder("keys-b"));
        var old = await MakeAsync(ofA, TimeSpan.FromDays(10));
        Copy(old, ofA, ofB);
        var b = await nodes.StartAsync(connection, "b", "keys-b");
        var next = await MakeAsync(ofA, SigningKeySchedule.PublishedAhead * 1.5);
        var a = await nodes.StartAsync(connection, "a", "keys-a");

        await Eventually.IsSoAsync(async () =>
            (await ReportAsync(b)).Contains(
                $"The node a has the key {next.Name}, which this node does not have",
                StringComparison.Ordinal
            )
        );
        Assert.Equal(old.KeyId, nodes.Hosts[a].SigningKeys!.CurrentId);
        await EachTakesTokensOfTheOtherAsync(a, b);

        Copy(next, ofA, ofB);
        await Eventually.IsSoAsync(() =>
            nodes.Hosts[a].SigningKeys!.CurrentId == next.KeyId && nodes.Hosts[b].SigningKeys!.CurrentId == next.KeyId
        );
        await EachTakesTokensOfTheOtherAsync(a, b);
        await Eventually.IsSoAsync(async () => !(await ReportAsync(b)).Contains("key", StringComparison.Ordinal));
    }

    public ValueTask DisposeAsync() => nodes.DisposeAsync();

    /// <summary>Puts a key into a folder that was made so long ago.</summary>
    private static async Task<SigningKey> MakeAsync(string folder, TimeSpan ago)
    {
        var aside = System.IO.Directory.CreateTempSubdirectory("openpresence-").FullName;
        var keys = SigningKeys.Open(aside, new ManualClock(TimeProvider.System.GetUtcNow() - ago), NullLogger.Instance);
        var made = await keys.CurrentAsync(Cancel);
        Copy(made, aside, folder);
        System.IO.Directory.Delete(aside, recursive: true);
        return made;
    }

    /// <summary>With its mode: others than the owner may not read it.</summary>
    private static void Copy(SigningKey key, string from, string to) =>
        File.Copy(Path.Combine(from, $"{key.Name}.pem"), Path.Combine(to, $"{key.Name}.pem"));

    private async Task EachTakesTokensOfTheOtherAsync(int one, int other)
    {
        await IsTakenAsync(await TokenAsync(one), by: other);
        await IsTakenAsync(await TokenAsync(other), by: one);
    }

    private async Task<string> TokenAsync(int of)
    {
        var (token, _) = await InProcessNodes.TokensAsync(
            nodes.Clients[of],
            ("grant_type", "password"),
            ("username", "mara.lindqvist@contoso.example"),
            ("password", "demo")
        );
        return token;
    }

    private async Task IsTakenAsync(string token, int by)
    {
        using var answer = await InProcessNodes.SendAsync(
            nodes.Clients[by],
            HttpMethod.Get,
            "/v1.0/me/presence",
            token
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    private Task<string> ReportAsync(int of) => nodes.Clients[of].GetStringAsync("/health/ready", Cancel);
}
