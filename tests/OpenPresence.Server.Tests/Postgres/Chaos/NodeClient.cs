using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OpenPresence.Server.Graph;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>A program that reads and writes on one node, whatever becomes of the node meanwhile.</summary>
internal sealed class NodeClient : IDisposable
{
    private static readonly TimeSpan WaitMax = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LivesFor = TimeSpan.FromHours(1);

    private readonly HttpClient http;

    public NodeClient(Uri node, string token)
    {
        http = new HttpClient { BaseAddress = node };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Writes, which must succeed; where in the order that was.</summary>
    public async Task<string> WriteAsync(int person, string value)
    {
        using var request = Registers.Write(person, value, LivesFor);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.True(answer.IsSuccessStatusCode, $"{answer}");
        return Assert.Single(answer.Headers.GetValues(AnsweredSequence.Header));
    }

    /// <summary>Reads, which must succeed; as of some place in the order or later.</summary>
    public async Task<(string Value, string Sequence)> ReadAsync(int person, string? after = null)
    {
        using var request = Registers.Read(person);
        if (after is not null)
        {
            request.Headers.Add(AwaitedSequence.Header, $"{AwaitedSequence.Name}={after}; wait=10");
        }
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
        var presence = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return Registers.Of(person, presence);
    }

    /// <summary>What /health/ready says, 200 or not; null: nobody answers.</summary>
    public async Task<(bool IsReady, string Report)?> HealthAsync()
    {
        try
        {
            using var answer = await http.GetAsync("/health/ready", TestContext.Current.CancellationToken);
            var report = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            return (answer.IsSuccessStatusCode, report);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null;
        }
    }

    /// <summary>Waits until /health/ready answers with or without a fault.</summary>
    public Task UntilAsync(bool isReady) =>
        UntilAsync(async () => (await HealthAsync())?.IsReady == isReady, () => $"ready: {isReady}");

    /// <summary>Waits until it is ready and a read tells this; meanwhile it may tell anything or nothing.</summary>
    public Task UntilReadsAsync(int person, (string Value, string Sequence) expected) =>
        UntilAsync(
            async () => (await HealthAsync())?.IsReady == true && await TryReadAsync(person) == expected,
            () => $"{expected}"
        );

    /// <summary>Waits until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> isSo, Func<string> what)
    {
        using var limit = new CancellationTokenSource(WaitMax);
        while (!await isSo())
        {
            Assert.False(limit.IsCancellationRequested, $"It did not come about: {what()}");
            await Task.Delay(LookAgainAfter, TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => http.Dispose();

    private async Task<(string Value, string Sequence)?> TryReadAsync(int person)
    {
        try
        {
            return await ReadAsync(person);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return null; // it begins anew just now
        }
    }
}
