using System.Text.RegularExpressions;
using OpenPresence.Server.Tests.Journal;
using OpenPresence.Server.Tests.Repository;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>What docs/operations.md tells operators to do with the database, done.</summary>
public sealed partial class OperationsTests(SharedPostgres shared)
{
    private const int Entries = 300;

    [Fact]
    public async Task A_dump_that_is_restored_elsewhere_is_the_same_journal()
    {
        var (from, to) = (await shared.CreateDatabaseAsync(), await shared.CreateDatabaseAsync());
        string before;
        await using (var node = await LoneNode.StartAsync(from))
        {
            await node.FillAsync(Entries, snapshotAt: 200);
            before = await node.HashAsync();
        }
        var folder = await PostgresPrograms.NewFolderAsync();
        try
        {
            var dump = Path.Combine(folder, "openpresence.dump");
            await RunAsync("pg_dump", from, "--format=custom", "--file", dump, "--dbname");
            await RunAsync("pg_restore", to, dump, "--dbname");
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
        await using var restored = await LoneNode.StartAsync(to);
        Assert.Equal(before, await restored.HashAsync());
        Assert.Equal(Entries + 1, (await restored.AppendAsync()).Position);
    }

    [Fact]
    public async Task A_node_starts_from_the_snapshot_before_a_damaged_one_and_comes_to_the_same_state()
    {
        var database = await shared.CreateDatabaseAsync();
        string before;
        await using (var node = await LoneNode.StartAsync(database))
        {
            await node.FillAsync(Entries, snapshotAt: 200);
            before = await node.HashAsync(); // and writes another snapshot
        }
        await database.DamageSnapshotAsync(Entries);

        await using var again = await LoneNode.StartAsync(database);

        Assert.Equal(before, await again.HashAsync());
        Assert.Equal(Entries + 1, (await again.AppendAsync()).Position);
    }

    [Fact]
    public async Task What_was_acknowledged_is_on_the_standby_that_takes_over()
    {
        await using var primary = await PostgresServer.StartAsync();
        var connection = await primary.CreateDatabaseAsync();
        await using var standby = await primary.StartStandbyAsync(isSynchronous: true);
        var hosts = $"127.0.0.1:{primary.Port},127.0.0.1:{standby.Port}";
        var either = Host().Replace(connection, $"Host={hosts}");
        string before;
        long acknowledged;
        await using (var node = await LoneNode.StartAsync(either))
        {
            await node.FillAsync(Entries, snapshotAt: 200);
            before = await node.HashAsync();
            acknowledged = node.Position;
            await primary.KillAsync();
            await standby.PromoteAsync();
        }

        await using var next = await LoneNode.StartAsync(either);

        Assert.Equal(acknowledged, next.Position);
        Assert.Equal(before, await next.HashAsync());
        Assert.Equal(acknowledged + 1, (await next.AppendAsync()).Position);
    }

    [Fact]
    public async Task The_roles_of_the_documentation_are_made_and_the_one_of_nodes_can_do_its_work()
    {
        var owners = await shared.CreateDatabaseAsync();
        var database = DatabaseName().Match(owners).Groups["name"].Value;
        await using (var first = await LoneNode.StartAsync(owners))
        {
            await first.FillAsync(Entries, snapshotAt: 100);
        }
        foreach (var statement in Statements("administrator"))
        {
            var named = statement.Replace("openpresence", "made_as_documented", Ordinal);
            await shared.SqlAsync(named, PostgresServer.Administrator);
        }
        foreach (var statement in Statements("owner"))
        {
            await shared.SqlAsync(statement, database);
        }

        var nodes = Credentials().Replace(owners, "Username=openpresence_node;Password=choose another");
        await using var node = await LoneNode.StartAsync(nodes);

        await node.FillAsync(Entries, snapshotAt: 250);
        Assert.Equal(2 * Entries, node.Position);
    }

    private static IEnumerable<string> Statements(string role) =>
        SqlBlock()
            .Matches(ProjectFiles.Read("docs/operations.md"))
            .Where(block => block.Groups["role"].Value == role)
            .SelectMany(block => block.Groups["sql"].Value.Split(";\n"))
            .Select(statement => statement.Trim())
            .Where(statement => statement.Length > 0);

    /// <summary>Runs a program of PostgreSQL as the owner of a database; its last argument is that database.</summary>
    private static Task<string> RunAsync(string program, string connection, params string[] args)
    {
        var values = connection
            .Split(';')
            .Select(part => part.Split('=', 2))
            .ToDictionary(part => part[0], part => part[1], StringComparer.Ordinal);
        var database =
            $"host={values["Host"]} port={values["Port"]} dbname={values["Database"]} " + $"user={values["Username"]}";
        return PostgresPrograms.RunAsync(PostgresPrograms.Line(program, [.. args, database]), values["Password"]);
    }

    private const StringComparison Ordinal = StringComparison.Ordinal;

    [GeneratedRegex("<!-- runs: (?<role>[a-z]+) -->\n```sql\n(?<sql>.*?)```", RegexOptions.Singleline)]
    private static partial Regex SqlBlock();

    [GeneratedRegex("Host=[^;]*;Port=[^;]*")]
    private static partial Regex Host();

    [GeneratedRegex("Database=(?<name>[^;]*)", RegexOptions.ExplicitCapture)]
    private static partial Regex DatabaseName();

    [GeneratedRegex("Username=[^;]*;Password=.*")]
    private static partial Regex Credentials();
}
