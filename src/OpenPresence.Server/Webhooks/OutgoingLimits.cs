namespace OpenPresence.Server.Webhooks;

/// <summary>Every limit of a call to a receiver, in one place.</summary>
public static class OutgoingLimits
{
    /// <summary>From the look-up of the name until the connection is secured.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>
    /// A connection is not used for longer, so that a receiver that moves to another address is followed.
    /// </summary>
    public static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <summary>A connection that is not used is kept open for so long.</summary>
    public static readonly TimeSpan ConnectionIdleTime = TimeSpan.FromSeconds(90);

    /// <summary>
    /// Connections to one host and port. Above what tests of one machine need, and far below what would
    /// exhaust the ports of this one.
    /// </summary>
    public const int ConnectionsPerOriginMax = 256;

    /// <summary>Of the status line and headers of an answer.</summary>
    public const int AnswerHeadersKilobytesMax = 16;

    /// <summary>Of what is read of an answer whose text nobody wants, so that its connection can be used again.</summary>
    public const int UnreadAnswerBytesMax = 4 * 1024;

    /// <summary>For a receiver to answer its validation (change-notifications-delivery-webhooks, D).</summary>
    public static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(10);

    /// <summary>Handshakes that wait for their receivers at once; ours. More are asked to come back.</summary>
    public const int HandshakesMax = 256;

    /// <summary>How many addresses of a name are tried.</summary>
    public const int AddressesTriedMax = 4;
}
