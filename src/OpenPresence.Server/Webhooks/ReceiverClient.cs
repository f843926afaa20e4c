using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;

namespace OpenPresence.Server.Webhooks;

/// <summary>
/// Calls addresses that subscribers chose: the handshake, notifications, lifecycle notifications. Nothing else in
/// the server does, and this calls nothing else. What a subscriber could turn against us has an end here:
/// where a call may go (<see cref="ReceiverConnections"/>), how long it takes, how much is read. No redirect is
/// followed, for it would be the receiver's choice of another address; no proxy of the environment is asked,
/// for it would connect to addresses that are not judged; no cookie, credential or trace goes along.
///
/// A call ends with a value, whatever the receiver does: its faults are its own and no exceptions of ours.
/// </summary>
public sealed class ReceiverClient : IDisposable
{
    /// <summary>What receivers read in their logs.</summary>
    public static readonly ProductInfoHeaderValue UserAgent = new(
        "OpenPresence",
        typeof(ReceiverClient).Assembly.GetName().Version!.ToString(3)
    );

    private readonly ReceiverPolicy policy;
    private readonly TimeProvider time;
    private readonly HttpClient http;

    /// <summary>A client for the life of a server.</summary>
    /// <param name="policy">Whom it may call.</param>
    /// <param name="time">For time-outs and how long an answer took.</param>
    /// <param name="lookup">How names become addresses; null: as the system does it.</param>
    public ReceiverClient(ReceiverPolicy policy, TimeProvider time, NameLookup? lookup = null)
    {
        (this.policy, this.time) = (policy, time);
        var connections = new ReceiverConnections(policy, lookup ?? ReceiverConnections.SystemLookup);
        http = new HttpClient(
            new SocketsHttpHandler
            {
                ConnectCallback = (context, cancel) => connections.OpenAsync(context.DnsEndPoint, cancel),
                AllowAutoRedirect = false,
                UseProxy = false,
                UseCookies = false,
                Credentials = null,
                ActivityHeadersPropagator = null,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectTimeout = OutgoingLimits.ConnectTimeout,
                PooledConnectionLifetime = OutgoingLimits.ConnectionLifetime,
                PooledConnectionIdleTimeout = OutgoingLimits.ConnectionIdleTime,
                MaxConnectionsPerServer = OutgoingLimits.ConnectionsPerOriginMax,
                MaxResponseHeadersLength = OutgoingLimits.AnswerHeadersKilobytesMax,
                MaxResponseDrainSize = OutgoingLimits.UnreadAnswerBytesMax,
                SslOptions = ReceiverTls.Options(policy.Authorities),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan, // each call's own, on our own clock
        };
    }

    /// <summary>Posts, and says what became of it.</summary>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public async Task<ReceiverAnswer> PostAsync(ReceiverCall call, CancellationToken cancel)
    {
        var begun = time.GetTimestamp();
        if (policy.FaultOf(call.Url) is { } refusal)
        {
            return Failed(ReceiverFault.Refused, refusal, begun);
        }
        using var limit = new CancellationTokenSource(call.TimeLimit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await PostAsync(call, begun, either.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return Failed(ReceiverFault.TimedOut, null, begun);
        }
        catch (HttpRequestException e)
        {
            return Failed(FaultOf(e), (e.InnerException ?? e).Message, begun);
        }
        catch (IOException e)
        {
            return Failed(ReceiverFault.Malformed, e.Message, begun);
        }
    }

    /// <inheritdoc />
    public void Dispose() => http.Dispose();

    private async Task<ReceiverAnswer> PostAsync(ReceiverCall call, long begun, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, call.Url)
        {
            Content = new ReadOnlyMemoryContent(call.Body),
        };
        request.Content.Headers.ContentType = call.ContentType;
        request.Headers.UserAgent.Add(UserAgent);
        if (call.RequestId is { } id)
        {
            request.Headers.Add("client-request-id", id.ToString());
        }
        using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancel);
        var status = (int)answer.StatusCode;
        var mediaType = answer.Content.Headers.ContentType?.MediaType;
        if (call.AnswerBytesMax == 0)
        {
            // What it says beyond the status nobody reads: the handler drains a little, or closes the connection.
            return new(ReceiverFault.None, status, mediaType, default, Took(begun), null);
        }
        var body = await ReadAsync(answer.Content, call.AnswerBytesMax, cancel);
        return body.Length > call.AnswerBytesMax
            ? Failed(ReceiverFault.Malformed, "The answer is too long.", begun) with
            {
                Status = status,
            }
            : new(ReceiverFault.None, status, mediaType, body, Took(begun), null);
    }

    /// <summary>Up to one byte more than wanted, so that an answer that is too long shows.</summary>
    private static async Task<ReadOnlyMemory<byte>> ReadAsync(
        HttpContent content,
        int bytesMax,
        CancellationToken cancel
    )
    {
        var buffer = new byte[bytesMax + 1];
        await using var stream = await content.ReadAsStreamAsync(cancel);
        var count = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancel);
        return buffer.AsMemory(0, count);
    }

    private ReceiverAnswer Failed(ReceiverFault fault, string? detail, long begun) =>
        new(fault, 0, null, default, Took(begun), detail);

    private TimeSpan Took(long begun) => time.GetElapsedTime(begun);

    private static ReceiverFault FaultOf(HttpRequestException failure) =>
        failure.InnerException switch
        {
            ReceiverRefusedException => ReceiverFault.Refused,
            AuthenticationException => ReceiverFault.Untrusted,
            TimeoutException => ReceiverFault.TimedOut,
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData } =>
                ReceiverFault.NameUnknown,
            _ => failure.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => ReceiverFault.NameUnknown,
                HttpRequestError.ConnectionError => ReceiverFault.Unreachable,
                HttpRequestError.SecureConnectionError => ReceiverFault.Untrusted,
                _ => ReceiverFault.Malformed,
            },
        };
}
