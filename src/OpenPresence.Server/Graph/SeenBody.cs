namespace OpenPresence.Server.Graph;

/// <summary>
/// A request's body as the reader of bodies saw it. Set as a feature of a request whose body is wanted; the reader leaves a
/// copy of a short one here.
/// </summary>
/// <param name="bytesMax">A longer body is not kept.</param>
public sealed class SeenBody(int bytesMax)
{
    /// <summary>The bytes, unpacked; null: none was read, or it was too long.</summary>
    public byte[]? Bytes { get; private set; }

    /// <summary>Keeps a short body.</summary>
    public void Keep(ReadOnlySpan<byte> body) => Bytes = body.Length <= bytesMax ? body.ToArray() : null;
}
