using OpenPresence.Server.DevTools;

namespace OpenPresence.Server.Graph;

/// <summary>A request's body as the reader of bodies saw it, for the <see cref="RequestLog"/>. Set on a request that is to be
/// noted; the reader leaves a copy of a short body here.</summary>
public sealed class SeenBody
{
    /// <summary>The bytes, unpacked; null: none was read, or it was too long.</summary>
    public byte[]? Bytes { get; private set; }

    /// <summary>Keeps a short body.</summary>
    public void Keep(ReadOnlySpan<byte> body) => Bytes = body.Length <= RequestLog.BodyBytesMax ? body.ToArray() : null;
}
