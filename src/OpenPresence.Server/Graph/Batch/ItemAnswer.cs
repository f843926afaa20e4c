using System.Buffers;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace OpenPresence.Server.Graph.Batch;

/// <summary>What the answers of one batch may still hold, in bytes; its requests take from it at the same time.</summary>
internal sealed class AnswerRoom(long bytes)
{
    private long left = bytes;

    /// <summary>Takes so many bytes, if they are left.</summary>
    public bool TryTake(int count) => Interlocked.Add(ref left, -count) >= 0;
}

/// <summary>
/// The answer to one request of a batch, gathered in memory; the pipeline sees the connection that it expects. What
/// finds no room is dropped and remembered, so that the request's slice need not know of it.
/// </summary>
internal sealed class ItemAnswer : IHttpResponseFeature, IHttpResponseBodyFeature, IHttpRequestLifetimeFeature
{
    private readonly Gathered gathered;

    public ItemAnswer(AnswerRoom room, CancellationToken requestAborted)
    {
        gathered = new Gathered(room);
        RequestAborted = requestAborted;
        Features = new FeatureCollection();
        Features.Set<IHttpRequestFeature>(new HttpRequestFeature());
        Features.Set<IHttpResponseFeature>(this);
        Features.Set<IHttpResponseBodyFeature>(this);
        Features.Set<IHttpRequestLifetimeFeature>(this);
    }

    /// <summary>A context's features, with this answer in their place.</summary>
    public FeatureCollection Features { get; }

    /// <summary>The body.</summary>
    public ReadOnlyMemory<byte> Body => gathered.Bytes;

    /// <summary>Whether part of the body found no room.</summary>
    public bool IsTooLarge => gathered.IsTooLarge;

    /// <summary>Whether the pipeline gave up in the middle of the body.</summary>
    public bool IsAborted { get; private set; }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    public CancellationToken RequestAborted { get; set; }

    public Stream Stream => field ??= Writer.AsStream(leaveOpen: true);

    public PipeWriter Writer => gathered;

    /// <summary>Superseded by <see cref="Stream"/> in the interface itself.</summary>
    Stream IHttpResponseFeature.Body
    {
        get => Stream;
        set => throw new NotSupportedException();
    }

    public void Abort() => IsAborted = true;

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        HasStarted = true;
        return Task.CompletedTask;
    }

    public Task CompleteAsync() => StartAsync();

    public void DisableBuffering() { }

    public Task SendFileAsync(string path, long offset, long? count, CancellationToken cancellationToken = default) =>
        SendFileFallback.SendFileAsync(Stream, path, offset, count, cancellationToken);

    public void OnStarting(Func<object, Task> callback, object state) => throw new NotSupportedException();

    public void OnCompleted(Func<object, Task> callback, object state) => throw new NotSupportedException();

    private sealed class Gathered(AnswerRoom room) : PipeWriter
    {
        private const int FirstBytes = 1024;

        private ArrayBufferWriter<byte> buffer = new(FirstBytes);

        public bool IsTooLarge { get; private set; }

        public ReadOnlyMemory<byte> Bytes => buffer.WrittenMemory;

        public override Memory<byte> GetMemory(int sizeHint = 0) => buffer.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => buffer.GetSpan(sizeHint);

        public override void Advance(int bytes)
        {
            if (!IsTooLarge && room.TryTake(bytes))
            {
                buffer.Advance(bytes);
                return;
            }
            IsTooLarge = true;
            buffer = new ArrayBufferWriter<byte>(FirstBytes);
        }

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) =>
            new(new FlushResult(isCanceled: false, isCompleted: false));

        public override void CancelPendingFlush() { }

        public override void Complete(Exception? exception = null) { }
    }
}
