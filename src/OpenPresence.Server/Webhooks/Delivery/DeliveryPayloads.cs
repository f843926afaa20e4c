namespace OpenPresence.Server.Webhooks.Delivery;

/// <summary>
/// The bodies of the latest POSTs, for a developer who wonders what a receiver was sent. Development only: a payload
/// names people, and holds the subscriber's <c>clientState</c>. Bounded in bytes, whatever their number; the oldest go.
/// </summary>
public sealed class DeliveryPayloads
{
    /// <summary>All of them together.</summary>
    public const int BytesMax = 8 * 1024 * 1024;

    /// <summary>A longer body is not kept.</summary>
    public const int BodyBytesMax = 256 * 1024;

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, byte[]> bodies = [];
    private readonly Queue<Guid> order = new();
    private int bytes;

    /// <summary>The body of a POST; null: it is kept no longer, or never was.</summary>
    public byte[]? Find(Guid requestId)
    {
        lock (gate)
        {
            return bodies.GetValueOrDefault(requestId);
        }
    }

    /// <summary>Keeps a body under the id that was sent with it.</summary>
    public void Keep(Guid requestId, ReadOnlySpan<byte> body)
    {
        if (body.Length > BodyBytesMax)
        {
            return;
        }
        lock (gate)
        {
            bodies[requestId] = body.ToArray();
            order.Enqueue(requestId);
            bytes += body.Length;
            while (bytes > BytesMax)
            {
                bodies.Remove(order.Dequeue(), out var oldest);
                bytes -= oldest!.Length;
            }
        }
    }
}
