using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.ServerSentEvents;
using System.Text.Json;

namespace OpenPresence.Server.Tests.Postgres.Chaos;

/// <summary>
/// Follows a node's live stream as the documentation says: whatever ends it, it connects again with the last id that it saw.
/// </summary>
internal sealed class LiveListener : IAsyncDisposable
{
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromMilliseconds(50);

    private readonly HttpClient http;
    private readonly CancellationTokenSource ended = new();
    private readonly ConcurrentQueue<(Guid Person, string Value)> told = new();
    private readonly Task listening;
    private int connections;
    private string last = "";

    public LiveListener(Uri node, string token)
    {
        http = new HttpClient { BaseAddress = node, Timeout = Timeout.InfiniteTimeSpan };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        listening = Task.Run(ListenAsync);
    }

    /// <summary>How often it was let in.</summary>
    public int Connections => Volatile.Read(ref connections);

    /// <summary>What a person showed as it was told last; null: it was told nothing.</summary>
    public string? LastOf(Guid person) => told.LastOrDefault(one => one.Person == person).Value;

    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        http.Dispose();
        ended.Dispose();
    }

    private async Task ListenAsync()
    {
        while (!ended.IsCancellationRequested)
        {
            try
            {
                await FollowAsync();
            }
            catch (Exception e) when (e is HttpRequestException or IOException)
            {
                // The node is gone, or begins anew.
            }
            await Task.Delay(ConnectAgainAfter, ended.Token);
        }
    }

    private async Task FollowAsync()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/live/presences");
        if (last.Length > 0)
        {
            request.Headers.Add("Last-Event-ID", last);
        }
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ended.Token);
        answer.EnsureSuccessStatusCode();
        Interlocked.Increment(ref connections);
        var events = SseParser.Create(await answer.Content.ReadAsStreamAsync(ended.Token));
        await foreach (var one in events.EnumerateAsync(ended.Token))
        {
            last = events.LastEventId is { Length: > 0 } id ? id : last;
            if (one.EventType == "presence")
            {
                using var presence = JsonDocument.Parse(one.Data);
                var person = presence.RootElement.GetProperty("id").GetGuid();
                told.Enqueue((person, Registers.PairOf(presence.RootElement)));
            }
        }
    }
}
