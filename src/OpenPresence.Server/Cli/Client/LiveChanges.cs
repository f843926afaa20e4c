using System.Net;
using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;

namespace OpenPresence.Server.Cli.Client;

/// <summary>What the live stream told.</summary>
/// <param name="Kind">The event: <c>presence</c>, <c>removed</c>, <c>ready</c>, <c>resync</c>.</param>
/// <param name="Data">What it carried.</param>
internal sealed record LiveTold(string Kind, JsonObject Data)
{
    /// <summary>Whose presence; empty: no person's.</summary>
    public string PersonId => (string?)Data["id"] ?? "";
}

/// <summary>
/// Reads the live stream for as long as the caller wants it: a connection that breaks, or a token that ends, is
/// followed
/// by another one that goes on after the last event, so nothing is missed (docs/live.md). What it cannot mend
/// is thrown.
/// </summary>
/// <param name="server">The server.</param>
/// <param name="ids">Whom it tells of; empty: every person.</param>
/// <param name="note">Told of broken connections.</param>
internal sealed class LiveChanges(ServerConnection server, IReadOnlyCollection<string> ids, Action<string> note)
{
    /// <summary>The most people that a stream names.</summary>
    public const int IdsMax = 650;

    /// <summary>How often it tries to connect again before it gives up; about a minute.</summary>
    public const int AttemptsMax = 30;

    /// <summary>A server says something every 15 seconds.</summary>
    public static readonly TimeSpan SilenceMax = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private string last = "";

    /// <summary>Everything that is told, until it is cancelled.</summary>
    public async IAsyncEnumerable<LiveTold> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        for (var attempt = 0; ; attempt++)
        {
            using var answer = await ConnectAsync(attempt, cancel);
            if (answer is not null)
            {
                await foreach (var told in ReadAsync(answer, cancel))
                {
                    attempt = 0;
                    yield return told;
                }
                note("note: the connection ended; connecting again.");
            }
            await Task.Delay(Pause, cancel);
        }
    }

    /// <summary>Opens the stream; null: not this time.</summary>
    private async Task<HttpResponseMessage?> ConnectAsync(int attempt, CancellationToken cancel)
    {
        try
        {
            return await server.OpenAsync(Path(), last, cancel);
        }
        // The first one is the user's to mend. Later a server may be about to start again.
        catch (CommandFailedException failure)
            when (attempt is > 0 and < AttemptsMax
                && (
                    failure.Code == ExitCode.Unreachable
                    || failure.Status == HttpStatusCode.ServiceUnavailable
                    || (failure.Status == HttpStatusCode.Unauthorized && server.ForgetToken())
                )
            )
        {
            return null;
        }
    }

    private async IAsyncEnumerable<LiveTold> ReadAsync(
        HttpResponseMessage answer,
        [EnumeratorCancellation] CancellationToken cancel
    )
    {
        await using var bytes = await answer.Content.ReadAsStreamAsync(cancel);
        await using var bounded = new SilenceBound(bytes, SilenceMax);
        var parser = SseParser.Create(bounded);
        await using var events = parser.EnumerateAsync(cancel).GetAsyncEnumerator(cancel);
        while (await NextAsync(events))
        {
            last = parser.LastEventId;
            var data = JsonNode.Parse(events.Current.Data) as JsonObject ?? [];
            if (events.Current.EventType == "end")
            {
                ThrowIfFinal(data);
                yield break;
            }
            yield return new LiveTold(events.Current.EventType, data);
        }
    }

    /// <summary>The next event; false: the connection broke.</summary>
    private static async Task<bool> NextAsync(IAsyncEnumerator<SseItem<string>> events)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException or TimeoutException)
        {
            return false;
        }
    }

    private void ThrowIfFinal(JsonObject end)
    {
        if ((string?)end["code"] is "tokenExpired" or "tokenRevoked" && !server.ForgetToken())
        {
            throw new CommandFailedException(
                $"The stream ended: {(string?)end["message"]}",
                "Get a new token with: openpresence token"
            );
        }
    }

    /// <summary>
    /// What everybody shows comes first, also where only changes are wanted: the end of it has the id that a
    /// connection which breaks before the first change goes on from.
    /// </summary>
    private string Path() => ids.Count == 0 ? "live/presences" : $"live/presences?ids={string.Join(',', ids)}";
}

/// <summary>A stream that ends with an error when nothing came for too long.</summary>
internal sealed class SilenceBound(Stream inner, TimeSpan silenceMax) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <exception cref="TimeoutException">Nothing came.</exception>
    public override async ValueTask<int> ReadAsync(
        Memory<byte> buffer,
        CancellationToken cancellationToken = default
    ) => await inner.ReadAsync(buffer, cancellationToken).AsTask().WaitAsync(silenceMax, cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
