using OpenPresence.Server.Cli;
using OpenPresence.Server.Cluster;
using OpenPresence.Server.State.Machine;
using OpenPresence.Server.Tests.Cli;
using OpenPresence.Server.Tests.Journal;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Cluster;

/// <summary><c>openpresence journal verify</c> finds the node that has come to something else.</summary>
public sealed class VerificationTests(SharedPostgres shared)
{
    [Fact]
    public async Task Nodes_that_applied_the_same_are_the_same_also_one_that_came_later()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var first = await JoinAsync(connection, "first", Truth);
        await first.FillAsync(300, snapshotAt: 200);
        await using var second = await JoinAsync(connection, "second", Truth);

        var run = await VerifyAsync(connection);

        Assert.True(run.Code == ExitCode.Done, run.Output + run.Errors);
        Assert.Contains("first", run.Output, StringComparison.Ordinal);
        Assert.Equal(2, run.Output.Split(": the same").Length - 1);
    }

    [Fact]
    public async Task A_node_that_differs_is_named()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var first = await JoinAsync(connection, "first", Truth);
        await first.FillAsync(100, snapshotAt: 50);
        await using var second = await JoinAsync(connection, "second", hash => hash with { Sha256 = new byte[32] });

        var run = await VerifyAsync(connection);

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains($"second {second.Id}: DIFFERS, 0000", run.Output, StringComparison.Ordinal);
        Assert.Contains($"first {first.Id}: the same", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_snapshot_is_told_of_although_all_is_the_same_without_it()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await JoinAsync(connection, "only", Truth);
        await node.FillAsync(100, snapshotAt: 50);
        await connection.DamageSnapshotAsync(50);

        var run = await VerifyAsync(connection);

        Assert.True(run.Code == ExitCode.Done, run.Output + run.Errors);
        Assert.Contains("warning: The snapshot at position 50", run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_busy_is_asked_again()
    {
        var connection = await shared.CreateDatabaseAsync();
        var asked = 0;
        await using var node = await JoinAsync(
            connection,
            "busy",
            hash => asked++ == 0 ? hash with { Sha256 = null } : hash
        );
        await node.FillAsync(100, snapshotAt: 50);

        var run = await VerifyAsync(connection);

        Assert.True(run.Code == ExitCode.Done, run.Output + run.Errors);
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_is_no_good_news()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await JoinAsync(connection, "silent", _ => null);
        await node.FillAsync(100, snapshotAt: 50);

        var run = await VerifyAsync(connection, "--within", "1s");

        Assert.Equal(ExitCode.Failed, run.Code);
        Assert.Contains("silent", run.Output, StringComparison.Ordinal);
        Assert.Contains("no answer", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_nodes_serve_from_is_not_copied()
    {
        var connection = await shared.CreateDatabaseAsync();
        await using var node = await JoinAsync(connection, "presence-1", Truth);
        await node.FillAsync(100, snapshotAt: 50);
        var target = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

        var run = await RunAsync(connection, "copy", "--from", connection, "--to", target);

        Assert.Equal(ExitCode.BadInput, run.Code);
        Assert.Contains("presence-1. Stop them first.", run.Errors, StringComparison.Ordinal);
        Assert.False(System.IO.Directory.Exists(target));
    }

    private static StateHash Truth(StateHash hash) => hash;

    /// <summary>A node that says that it is there, for ever, and tells its hashes as a test wants.</summary>
    private async Task<LoneNode> JoinAsync(string connection, string name, Func<StateHash, StateHash?> telling)
    {
        var node = await LoneNode.StartAsync(connection);
        var table = new StateHashTable(node.Database);
        node.HashTold = async (hash, cancel) =>
        {
            if (telling(hash) is { } told)
            {
                await table.TellAsync(node.Id, told, cancel);
            }
        };
        await shared.SqlAsync(
            "insert into openpresence.nodes (id, name, rules, position, backend, seen_at) "
                + $"values ('{node.Id}', '{name}', 1, 0, 0, 'infinity')",
            connection.Split("Database=")[1].Split(';')[0]
        );
        return node;
    }

    private static Task<CommandRun> VerifyAsync(string connection, params string[] more) =>
        RunAsync(connection, ["verify", .. more]);

    private static Task<CommandRun> RunAsync(string connection, params string[] args) =>
        CommandRun.OfAsync(
            new Dictionary<string, string> { ["OPENPRESENCE_JOURNAL"] = connection },
            ["journal", .. args]
        );
}
