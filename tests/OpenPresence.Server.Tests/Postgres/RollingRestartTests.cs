using System.Collections.Concurrent;
using System.Net.Http.Json;
using OpenPresence.Server.Cli;
using OpenPresence.Server.Graph;
using OpenPresence.Server.Tests.Cli;
using OpenPresence.Server.Tests.Postgres.Chaos;

namespace OpenPresence.Server.Tests.Postgres;

/// <summary>
/// Every node is stopped by a signal and started again, one after the other, while clients go on through a balancer that
/// is told nothing. No request fails: not one.
/// </summary>
public sealed class RollingRestartTests(SharedPostgres shared)
{
    private const int Nodes = 3;
    private const int Clients = 8;
    private const int Rounds = 50;

    // Some request is always under way; more of them would only slow the nodes' starts.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    private const string Reading = $"/v1.0/users/{RunningServer.Someone}/presence";

    [Fact]
    public async Task Nodes_are_restarted_one_by_one_and_no_request_fails()
    {
        var database = await shared.CreateDatabaseAsync();
        await using var cluster = await ServedNodes.StartAsync(database, Nodes, "--drain", "PT1S");
        await using var balancer = await RoundRobin.StartAsync(cluster.Ports);
        using var http = new HttpClient { BaseAddress = balancer.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", await HistoryClient.TokenAsync(balancer.Address));
        using var over = new CancellationTokenSource();
        var (answered, failed) = (new int[Clients], new ConcurrentQueue<string>());
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => AskAsync(number))).ToArray();

        for (var node = 0; node < Nodes; node++)
        {
            var before = answered.Sum();
            await cluster.RestartAsync(node);
            Assert.True(answered.Sum() > before, "nobody was answered meanwhile");
        }
        await over.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Empty(failed);
        var verified = await CommandRun.OfAsync(
            new Dictionary<string, string> { ["OPENPRESENCE_JOURNAL"] = database },
            ["journal", "verify"]
        );
        Assert.True(verified.Code == ExitCode.Done, verified.Output + verified.Errors);
        Assert.Equal(Nodes, verified.Output.Split(": the same").Length - 1);

        async Task AskAsync(int number)
        {
            while (!over.IsCancellationRequested)
            {
                try
                {
                    using var answer = answered[number] % 2 == 0 ? await ReadAsync(http) : await WriteAsync(http);
                    if (!answer.IsSuccessStatusCode)
                    {
                        failed.Enqueue($"{answer.StatusCode} {answer.RequestMessage}");
                    }
                }
                catch (HttpRequestException lost)
                {
                    failed.Enqueue($"{lost.Message} {lost.InnerException?.Message}");
                }
                answered[number]++;
                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    [Fact]
    public async Task What_one_node_wrote_is_read_on_another_that_is_told_to_wait_for_it()
    {
        await using var cluster = await ServedNodes.StartAsync(await shared.CreateDatabaseAsync(), count: 2);
        using var writer = new HttpClient { BaseAddress = cluster.Address(0) };
        using var reader = new HttpClient { BaseAddress = cluster.Address(1) };
        var token = await HistoryClient.TokenAsync(cluster.Address(0));
        writer.DefaultRequestHeaders.Authorization = new("Bearer", token);
        reader.DefaultRequestHeaders.Authorization = new("Bearer", token);
        for (var round = 0; round < Rounds; round++)
        {
            using var written = await writer.PostAsJsonAsync(
                $"/v1.0/users/{RunningServer.Someone}/presence/setStatusMessage",
                new { statusMessage = new { message = new { content = $"round {round}" } } },
                TestContext.Current.CancellationToken
            );
            var sequence = Assert.Single(written.Headers.GetValues(AnsweredSequence.Header));
            using var request = new HttpRequestMessage(HttpMethod.Get, Reading);
            request.Headers.Add(AwaitedSequence.Header, $"{AwaitedSequence.Name}={sequence}; wait=10");
            using var read = await reader.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Contains(
                $"\"round {round}\"",
                await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                StringComparison.Ordinal
            );
        }
    }

    private static Task<HttpResponseMessage> ReadAsync(HttpClient http) =>
        http.GetAsync(Reading, TestContext.Current.CancellationToken);

    private static Task<HttpResponseMessage> WriteAsync(HttpClient http) =>
        http.PostAsJsonAsync(
            $"/v1.0/users/{RunningServer.Someone}/presence/setPresence",
            new
            {
                sessionId = RunningServer.DemoApplication,
                availability = "Busy",
                activity = "InACall",
            },
            TestContext.Current.CancellationToken
        );
}
