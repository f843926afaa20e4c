using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OpenPresence.Server.Tests.Clients;
using OpenPresence.Server.Tests.Postgres.Histories;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// A program that reads and writes, now on this node, now on that, whatever becomes of them, and writes down what it did. It
/// takes along what it has seen, when it asks for that.
/// </summary>
internal sealed class HistoryClient : IDisposable
{
    private const string Written = "openpresence-sequence";
    private const int PauseMillisecondsMax = 50;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(12);

    private readonly Cluster cluster;
    private readonly int number;
    private readonly Random random;
    private readonly List<Operation> history = [];
    private readonly string?[] seen = new string?[Cluster.People];
    private readonly HttpClient http = new() { Timeout = AnswerMax };
    private int written;
    private int acknowledged;

    public HistoryClient(Cluster cluster, int number, int seed, string token)
    {
        (this.cluster, this.number, random) = (cluster, number, new Random(seed));
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public IReadOnlyList<Operation> History => history;

    /// <summary>How many of its writes were answered so far.</summary>
    public int Acknowledged => Volatile.Read(ref acknowledged);

    /// <summary>Answers that nobody should get, whatever else fails.</summary>
    public List<string> Wrong { get; } = [];

    /// <summary>Does one thing after the other until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var person = random.Next(Cluster.People);
            var node = random.Next(cluster.Nodes.Count);
            switch (random.Next(10))
            {
                case < 3:
                    var (value, livesFor) = Registers.Random(person, random, $"{number}-{++written}");
                    await WriteAsync(node, person, value, livesFor);
                    break;
                case 3:
                    await WriteAsync(node, person, Operation.Nothing, null);
                    break;
                default:
                    await ReadAsync(node, person, takesAlong: random.Next(3) == 0);
                    break;
            }
            // Many faults and few answers make a history that can be judged; the bench is elsewhere.
            await Task.Delay(random.Next(PauseMillisecondsMax), CancellationToken.None);
        }
    }

    /// <summary>Reads once, and says what it read; null: it was not to be had.</summary>
    public async Task<Operation?> ReadAsync(int node, int person, bool takesAlong = false)
    {
        using var request = Registers.Read(person);
        var after = takesAlong ? seen[person] : null;
        if (after is not null)
        {
            request.Headers.Add("Prefer", $"openpresence-after={after}, wait=10");
        }
        var operation = Begin(node, person, isWrite: false, Operation.Nothing) with { After = after };
        using var answer = await SendAsync(node, request);
        if (answer?.StatusCode != HttpStatusCode.OK)
        {
            return null;
        }
        using var presence = await JsonDocument.ParseAsync(await answer.Content.ReadAsStreamAsync());
        var (value, sequence) = Registers.Of(person, presence.RootElement);
        operation = operation with { Value = value, Sequence = sequence, CompletedAt = Now };
        Remember(person, operation);
        return operation;
    }

    public void Dispose() => http.Dispose();

    private async Task WriteAsync(int node, int person, string value, TimeSpan? livesFor)
    {
        var operation = Begin(node, person, isWrite: true, value) with { LivesFor = livesFor };
        using var request = Registers.Write(person, value, livesFor ?? TimeSpan.Zero);
        using var answer = await SendAsync(node, request);
        // No such session: at that place of the order there was nothing to end.
        var isDone =
            answer is { IsSuccessStatusCode: true }
            || (value == Operation.Nothing && answer?.StatusCode == HttpStatusCode.NotFound);
        if (isDone)
        {
            operation = operation with { Sequence = SequenceOf(answer!), CompletedAt = Now };
            Interlocked.Increment(ref acknowledged);
        }
        Remember(person, operation);
    }

    private Operation Begin(int node, int person, bool isWrite, string value) =>
        new(number, $"node-{node}", Cluster.Person(person), isWrite, value, Now, Operation.Never);

    private async Task<HttpResponseMessage?> SendAsync(int node, HttpRequestMessage request)
    {
        request.RequestUri = new Uri(cluster.Nodes[node].Http, request.RequestUri!);
        try
        {
            var answer = await http.SendAsync(request);
            if ((int)answer.StatusCode is >= 400 and < 500 && answer.StatusCode != HttpStatusCode.NotFound)
            {
                Wrong.Add($"{request.Method} {request.RequestUri}: {answer.StatusCode}");
            }
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return null; // it is down, or went down meanwhile
        }
    }

    private void Remember(int person, Operation operation)
    {
        history.Add(operation);
        if (string.CompareOrdinal(operation.Sequence, seen[person]) > 0)
        {
            seen[person] = operation.Sequence;
        }
    }

    private static string? SequenceOf(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues(Written, out var values) ? values.First() : null;

    /// <summary>By the clock that PostgreSQL on this machine goes by, too.</summary>
    private static TimeSpan Now => TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch;

    /// <summary>A token that every node accepts.</summary>
    public static async Task<string> TokenAsync(Uri node)
    {
        using var client = new HttpClient();
        using var form = new FormUrlEncodedContent(
            new Dictionary<string, string>
            {
                ["grant_type"] = "client_credentials",
                ["client_id"] = ServerProcess.ClientId,
                ["client_secret"] = ServerProcess.Secret,
                ["scope"] = "https://graph.microsoft.com/.default",
            }
        );
        var address = new Uri(node, $"{ServerProcess.TenantId}/oauth2/v2.0/token");
        using var answer = await client.PostAsync(address, form);
        using var token = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        return token.RootElement.GetProperty("access_token").GetString()!;
    }
}
