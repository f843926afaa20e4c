using System.Buffers;
using System.IO.Compression;
using System.IO.Pipelines;
using OpenPresence.Server.Contracts;

namespace OpenPresence.Server.Graph;

/// <summary>
/// Reads a request body whole, within a bound, plain or gzip (Go's Graph clients compress by default).
/// The bound holds for the unpacked bytes, so a small gzip cannot become a large body.
/// </summary>
public static class BodyReader
{
    /// <summary>The most that a body may hold, unpacked, in bytes; a picture may be larger.</summary>
    public const int BodyBytesMax = 1024 * 1024;

    private const string Json = "application/json";

    private const string ContentType = "Content-Type";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private const string PackedFault =
        "The body is not valid gzip, although Content-Encoding says so. A client that repeats a request may send the "
        + "plain body under the header of the packed one, as kiota-http-go did before it was mended (its issue 183).";

    /// <summary>Why the body cannot be read, judged by its headers; null: read it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mediaType">What the body must be.</param>
    /// <param name="bytesMax">The most that the body may hold.</param>
    public static Refusal? CheckHeaders(HttpRequest request, string mediaType = Json, int bytesMax = BodyBytesMax)
    {
        if (request.ContentLength > bytesMax)
        {
            return TooLarge(bytesMax);
        }
        var type = request.ContentType.AsSpan();
        var end = type.IndexOf(';');
        var media = (end < 0 ? type : type[..end]).Trim();
        if (!media.IsEmpty && !media.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
        {
            return mediaType == Json
                ? Unreadable(ContentType, $"The body must be {mediaType}.")
                : new Refusal(RefusalKind.UnsupportedMediaType, $"The body must be {mediaType}.")
                {
                    Target = ContentType,
                };
        }
        var encoding = request.Headers.ContentEncoding.ToString();
        return encoding.Length == 0 || IsGzip(encoding) || IsIdentity(encoding)
            ? null
            : new Refusal(RefusalKind.UnsupportedMediaType, "The body must be plain or Content-Encoding: gzip.")
            {
                Target = "Content-Encoding",
            };
    }

    /// <summary>
    /// COMPAT(graph): the words for whatever the gateway cannot read as JSON, a missing Content-Type too
    /// (microsoft-graph-docs issue 6259, nodejs-connect-rest-sample issue 53, R), and ours beside them.
    /// </summary>
    /// <param name="where">The header or the part of the body.</param>
    /// <param name="explanation">What is wrong there.</param>
    public static Refusal Unreadable(string where, string explanation) =>
        new(
            RefusalKind.BadRequest,
            "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid "
                + "JSON format."
        )
        {
            Target = where,
            Details = [new(where, explanation)],
        };

    /// <summary>Whether the body is packed.</summary>
    public static bool IsGzip(HttpRequest request) => IsGzip(request.Headers.ContentEncoding.ToString());

    /// <summary>The body as bytes, unpacked.</summary>
    public static async ValueTask<BodyRead> ReadAsync(
        HttpRequest request,
        CancellationToken cancel,
        string mediaType = Json,
        int bytesMax = BodyBytesMax
    )
    {
        if (CheckHeaders(request, mediaType, bytesMax) is { } refusal)
        {
            return new BodyRead(default, refusal);
        }
        var read = IsGzip(request)
            ? await ReadPackedAsync(request.Body, bytesMax, cancel)
            : await ReadPlainAsync(request.BodyReader, bytesMax, cancel);
        request.HttpContext.Features.Get<SeenBody>()?.Keep(read.Bytes.Span);
        return mediaType == Json ? JsonOf(request, read) : read;
    }

    /// <summary>What a body that Kestrel itself refused is answered with.</summary>
    public static Refusal RefusalOf(BadHttpRequestException bad) =>
        bad.StatusCode == StatusCodes.Status413PayloadTooLarge
            ? TooLarge(BodyBytesMax)
            : new Refusal(RefusalKind.BadRequest, "The request could not be read.");

    /// <summary>Without the mark that some editors and clients put before JSON; with a type, unless it is empty.</summary>
    private static BodyRead JsonOf(HttpRequest request, BodyRead read)
    {
        if (read.Bytes.IsEmpty)
        {
            return read;
        }
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return read with { Refusal = Unreadable(ContentType, $"The header is missing; the body must be {Json}.") };
        }
        return read.Bytes.Span.StartsWith(ByteOrderMark)
            ? read with
            {
                Bytes = read.Bytes[ByteOrderMark.Length..],
            }
            : read;
    }

    private static async ValueTask<BodyRead> ReadPlainAsync(PipeReader reader, int bytesMax, CancellationToken cancel)
    {
        while (true)
        {
            var read = await reader.ReadAsync(cancel);
            if (read.Buffer.Length > bytesMax)
            {
                reader.AdvanceTo(read.Buffer.End);
                return new BodyRead(default, TooLarge(bytesMax));
            }
            if (read.IsCompleted)
            {
                var length = (int)read.Buffer.Length;
                var bytes = ArrayPool<byte>.Shared.Rent(length);
                read.Buffer.CopyTo(bytes);
                reader.AdvanceTo(read.Buffer.End);
                return new BodyRead(bytes.AsMemory(0, length), null) { Rented = bytes };
            }
            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static async ValueTask<BodyRead> ReadPackedAsync(Stream body, int bytesMax, CancellationToken cancel)
    {
        var unpacked = new ArrayBufferWriter<byte>(4096);
        try
        {
            await using var gzip = new GZipStream(body, CompressionMode.Decompress);
            while (await gzip.ReadAsync(unpacked.GetMemory(4096), cancel) is > 0 and var count)
            {
                unpacked.Advance(count);
                if (unpacked.WrittenCount > bytesMax)
                {
                    return new BodyRead(default, TooLarge(bytesMax));
                }
            }
        }
        catch (InvalidDataException)
        {
            return new BodyRead(default, new Refusal(RefusalKind.BadRequest, PackedFault));
        }
        return new BodyRead(unpacked.WrittenMemory, null);
    }

    private static Refusal TooLarge(int bytesMax) => new(RefusalKind.BodyTooLarge, bytesMax.ToString());

    private static bool IsGzip(string encoding) => encoding.Equals("gzip", StringComparison.OrdinalIgnoreCase);

    private static bool IsIdentity(string encoding) => encoding.Equals("identity", StringComparison.OrdinalIgnoreCase);
}

/// <summary>A body, or why there is none. Whoever disposes of it gives its memory to the next one.</summary>
/// <param name="Bytes">The unpacked bytes.</param>
/// <param name="Refusal">Why the body is refused; null: it was read.</param>
public readonly record struct BodyRead(ReadOnlyMemory<byte> Bytes, Refusal? Refusal) : IDisposable
{
    internal byte[]? Rented { get; init; }

    /// <inheritdoc />
    public void Dispose()
    {
        if (Rented is not null)
        {
            ArrayPool<byte>.Shared.Return(Rented);
        }
    }
}
