using System.Net.Http.Headers;

namespace OpenPresence.Server.Webhooks;

/// <summary>A POST to a receiver.</summary>
public sealed record ReceiverCall
{
    /// <summary>Where to; its query is kept as it stands.</summary>
    public required Uri Url { get; init; }

    /// <summary>What is said.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>What the body is.</summary>
    public required MediaTypeHeaderValue ContentType { get; init; }

    /// <summary>From here until the whole answer is read.</summary>
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>The longest answer that is wanted; 0: only its status is.</summary>
    public int AnswerBytesMax { get; init; }

    /// <summary>Sent as <c>client-request-id</c>, so that both sides' logs can be joined; null: is not.</summary>
    public Guid? RequestId { get; init; }
}

/// <summary>Why a receiver gave no answer.</summary>
public enum ReceiverFault
{
    /// <summary>It gave one.</summary>
    None,

    /// <summary>Its URL or what its name resolves to may not be called.</summary>
    Refused,

    /// <summary>Its name is not known.</summary>
    NameUnknown,

    /// <summary>No process accepts connections there.</summary>
    Unreachable,

    /// <summary>Its certificate is not trusted, or TLS failed otherwise.</summary>
    Untrusted,

    /// <summary>It took too long.</summary>
    TimedOut,

    /// <summary>The answer was cut off, was no HTTP, or was longer than its limit.</summary>
    Malformed,
}

/// <summary>What became of a call.</summary>
/// <param name="Fault">Why there is no answer.</param>
/// <param name="Status">The answer's status; 0: there is none.</param>
/// <param name="MediaType">The answer's media type without parameters.</param>
/// <param name="Body">The answer's text; empty if it was not wanted.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Detail">For logs and people, beyond the fault; never what the receiver sent.</param>
public readonly record struct ReceiverAnswer(
    ReceiverFault Fault,
    int Status,
    string? MediaType,
    ReadOnlyMemory<byte> Body,
    TimeSpan Took,
    string? Detail
)
{
    /// <summary>Whether the receiver took it.</summary>
    public bool IsSuccess => Status is >= 200 and <= 299;
}
