using System.Net.Http.Json;
using OpenPresence.Bench.Load;

namespace OpenPresence.Bench.Mixed;

/// <summary>What goes on at once: of twenty requests twelve read, and the rest does everything else by turns.</summary>
public sealed class MixedOperations(HttpClient client, WebhookSink receiver, int people)
{
    private const int Writers = 4_096;
    private const int BulkPeople = 100;
    private static readonly string[] Activities = ["InACall", "InAConferenceCall"];

    private long done;

    public long Done => Interlocked.Read(ref done);

    /// <summary>The first that went wrong; null: nothing.</summary>
    public string? Failure { get; private set; }

    public async Task RunAsync(int number, CancellationToken cancel)
    {
        try
        {
            await (
                (number % 20) switch
                {
                    < 8 => SendAsync(HttpMethod.Get, $"users/{Person(number)}/presence", null, cancel),
                    < 12 => ReadManyAsync(number, cancel),
                    < 16 => SetPresenceAsync(number, cancel),
                    16 => SetMessageAsync(number, cancel),
                    17 => SubscribeAndEndAsync(number, cancel),
                    18 => ListenAWhileAsync(number, cancel),
                    _ => TokenOrBatchAsync(number, cancel),
                }
            );
            Interlocked.Increment(ref done);
        }
        catch (HttpRequestException failure)
        {
            Failure ??= failure.Message;
        }
    }

    private Guid Person(int number) => BenchIds.Person(number * 7919 % people);

    private static Guid Writer(int number) => BenchIds.Person(number % Writers);

    private Task ReadManyAsync(int number, CancellationToken cancel) =>
        SendAsync(
            HttpMethod.Post,
            "communications/getPresencesByUserId",
            new { ids = Enumerable.Range(number, BulkPeople).Select(Person) },
            cancel
        );

    private Task SetPresenceAsync(int number, CancellationToken cancel) =>
        SendAsync(
            HttpMethod.Post,
            $"users/{Writer(number)}/presence/setPresence",
            new
            {
                sessionId = Population.ClientId,
                availability = "Busy",
                activity = Activities[number / Writers % Activities.Length],
                expirationDuration = "PT5M",
            },
            cancel
        );

    private Task SetMessageAsync(int number, CancellationToken cancel) =>
        SendAsync(
            HttpMethod.Post,
            $"users/{Writer(number)}/presence/setStatusMessage",
            new { statusMessage = new { message = new { content = $"At {number}", contentType = "text" } } },
            cancel
        );

    private async Task SubscribeAndEndAsync(int number, CancellationToken cancel)
    {
        using var made = await PostAsync(
            HttpMethod.Post,
            "subscriptions",
            new
            {
                changeType = "updated",
                notificationUrl = receiver.Address,
                resource = $"communications/presences/{Writer(number + 1)}",
                expirationDateTime = TimeProvider.System.GetUtcNow().AddMinutes(50),
            },
            cancel
        );
        var id = (await made.Content.ReadFromJsonAsync<Made>(cancel))!.Id;
        // The writes of the next turns are told to it.
        for (var turn = 1; turn <= 3; turn++)
        {
            await SetPresenceAsync(number + 1 + turn * Writers, cancel);
        }
        await SendAsync(HttpMethod.Delete, $"subscriptions/{id}", null, cancel);
    }

    private async Task ListenAWhileAsync(int number, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            new Uri($"/live/presences?ids={Person(number)}", UriKind.Relative)
        );
        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        answer.EnsureSuccessStatusCode();
        var first = new byte[1];
        await using var stream = await answer.Content.ReadAsStreamAsync(cancel);
        await stream.ReadExactlyAsync(first, cancel);
    }

    private async Task TokenOrBatchAsync(int number, CancellationToken cancel)
    {
        if (number / 20 % 2 == 0)
        {
            await Tokens.GetAsync(client, cancel);
            return;
        }
        await SendAsync(
            HttpMethod.Post,
            "$batch",
            new
            {
                requests = Enumerable
                    .Range(0, 5)
                    .Select(i => new
                    {
                        id = $"{i}",
                        method = "GET",
                        url = $"/users/{Person(number + i)}/presence",
                    }),
            },
            cancel
        );
    }

    private async Task SendAsync(HttpMethod method, string path, object? body, CancellationToken cancel)
    {
        using var answer = await PostAsync(method, path, body, cancel);
        await answer.Content.CopyToAsync(Stream.Null, cancel);
    }

    private async Task<HttpResponseMessage> PostAsync(
        HttpMethod method,
        string path,
        object? body,
        CancellationToken cancel
    )
    {
        using var request = new HttpRequestMessage(method, new Uri($"/v1.0/{path}", UriKind.Relative));
        request.Content = body is null ? null : JsonContent.Create(body);
        var answer = await client.SendAsync(request, cancel);
        return answer.EnsureSuccessStatusCode();
    }

    private sealed record Made(string Id);
}
