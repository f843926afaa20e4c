using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenPresence.Server.Hosting;
using OpenPresence.Server.Journal;
using OpenPresence.Server.Replica;
using OpenPresence.Server.Settings;
using OpenPresence.Server.State.Directory;
using OpenPresence.Server.Tests.Postgres;

namespace OpenPresence.Server.Tests.Hosting;

/// <summary>A server whose database lost what it had applied, as one does whose standby had not got everything.</summary>
public sealed class ServingTests(SharedPostgres shared)
{
    [Fact]
    public async Task A_node_whose_entries_are_gone_begins_anew_on_the_same_port()
    {
        var connection = await shared.CreateDatabaseAsync();
        var folder = System.IO.Directory.CreateTempSubdirectory("openpresence-").FullName;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var started = Channel.CreateUnbounded<ServerHost>();
        var serving = Serving.RunAsync(
            new ServerOptions
            {
                HttpPort = 0,
                HttpsPort = -1,
                DataDirectory = folder,
                Journal = connection,
            },
            async (options, strangeThrough) =>
            {
                var host = await ServerHost.StartAsync(
                    options,
                    TimeProvider.System,
                    logging => logging.SetMinimumLevel(LogLevel.None),
                    stop.Token,
                    heedsSignals: false,
                    strangeThrough: strangeThrough
                );
                await started.Writer.WriteAsync(host, stop.Token);
                return host;
            },
            ready: _ => { },
            TimeProvider.System,
            stop.Token
        );
        var first = await started.Reader.ReadAsync(stop.Token);
        var person = Guid.NewGuid();
        await first.Node.ExecuteAsync(new PersonKnown(person, Guid.Parse(RunningServer.DemoTenant)));
        Assert.True(first.Node.State.Board.TryGetTenantOf(person, out _));

        await RunAsync(
            connection,
            "delete from openpresence.batches where last = (select max(last) from openpresence.batches);"
                + "select pg_terminate_backend(pid) from pg_stat_activity "
                + "where datname = current_database() and pid <> pg_backend_pid()"
        );
        var second = await started.Reader.ReadAsync(stop.Token);

        Assert.False(second.Node.State.Board.TryGetTenantOf(person, out _));
        Assert.Equal(first.Addresses.Http, second.Addresses.Http);
        await stop.CancelAsync();
        await serving;
        System.IO.Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(JournalRefusal.Diverged, true)]
    [InlineData(JournalRefusal.EntriesMissing, true)]
    [InlineData(JournalRefusal.Damaged, false)]
    [InlineData(JournalRefusal.UnknownFormat, false)]
    public void Only_what_a_start_puts_right_begins_one(JournalRefusal refusal, bool isPutRight) =>
        Assert.Equal(
            isPutRight,
            Serving.IsPutRightByStart(new NodeStoppedException("s", new JournalRefusedException(refusal, "r")))
        );

    private static async Task RunAsync(string connection, string sql)
    {
        await using var source = NpgsqlDataSource.Create(connection + ";Pooling=false");
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
