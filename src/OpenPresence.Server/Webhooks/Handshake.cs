using System.Net.Http.Headers;
using System.Text;

namespace OpenPresence.Server.Webhooks;

/// <summary>
/// Asks a receiver whether it wants notifications: POSTs a token to its address and wants the same text back.
/// So nobody can have us send to a stranger. It comes before anything is appended, holds nothing but
/// one of a bounded number of places, and ends after ten seconds.
/// </summary>
/// <remarks>
/// <para>The token is a sentence with a GUID, as the real service sends it: without markup, for the page tells
/// clients to escape what has some. Spaces travel as %20, which every decoder understands; + is read as a space
/// by those of forms only.</para>
/// <para>The comparison is exact. The tempting courtesies (trim it, take off the quotes of JSON) would pass
/// receivers that the real service refuses.</para>
/// <para>Source: https://learn.microsoft.com/graph/change-notifications-delivery-webhooks</para>
/// </remarks>
public sealed class Handshake(ReceiverClient receivers) : IDisposable
{
    /// <summary>Longer answers are not the token.</summary>
    private const int AnswerBytesMax = 1024;

    private const string Failed =
        "Subscription validation request failed. Notification endpoint must respond with 200 OK to "
        + "validation request.";

    private const string Mismatch =
        "Subscription validation request failed. Response must exactly match validationToken query parameter.";

    private readonly SemaphoreSlim places = new(OutgoingLimits.HandshakesMax);

    /// <summary>
    /// Takes a place for a caller that will ask; false: all are taken. <see cref="Leave"/> gives it back.
    /// </summary>
    public bool TryEnter() => places.Wait(0);

    /// <summary>Gives a place back.</summary>
    public void Leave() => places.Release();

    /// <summary>Why the receiver did not pass, in Graph's words; null: it did.</summary>
    /// <exception cref="OperationCanceledException">The client that wants to subscribe is gone.</exception>
    public async Task<string?> AskAsync(Uri url, CancellationToken cancel)
    {
        var id = Guid.NewGuid();
        var token = $"Validation: Testing client application reachability for subscription Request-Id: {id}";
        var answer = await receivers.PostAsync(
            new ReceiverCall
            {
                Url = Asking(url, token),
                Body = ReadOnlyMemory<byte>.Empty,
                ContentType = new MediaTypeHeaderValue("text/plain", "utf-8"),
                TimeLimit = OutgoingLimits.HandshakeTimeout,
                AnswerBytesMax = AnswerBytesMax,
                RequestId = id,
            },
            cancel
        );
        return answer.Status is not (0 or StatusCodes.Status200OK) ? $"{Failed} It responded with {answer.Status}."
            : answer.Fault == ReceiverFault.TimedOut ? "Subscription validation request timed out."
            : answer.Fault != ReceiverFault.None ? $"{Failed} {Words(answer.Fault)}"
            : answer.MediaType != "text/plain" ? $"{Failed} The response must be text/plain."
            : !answer.Body.Span.SequenceEqual(Encoding.UTF8.GetBytes(token))
                ? $"{Mismatch} The body must be the URL-decoded validationToken and nothing else."
            : null;
    }

    /// <inheritdoc />
    public void Dispose() => places.Dispose();

    /// <summary>The query that the address has stays as it is.</summary>
    private static Uri Asking(Uri url, string token) =>
        new($"{url.AbsoluteUri}{(url.Query.Length == 0 ? '?' : '&')}validationToken=" + Uri.EscapeDataString(token));

    /// <summary>The kind alone: what a name resolves to in our network is not the subscriber's to learn.</summary>
    private static string Words(ReceiverFault fault) =>
        fault switch
        {
            ReceiverFault.Refused => "Its address may not be called; it must be a public one.",
            ReceiverFault.NameUnknown => "Its host name is not known.",
            ReceiverFault.Unreachable => "Nobody accepts connections there.",
            ReceiverFault.Untrusted => "Its certificate is not trusted.",
            _ => "The response is too long or no HTTP.",
        };
}
